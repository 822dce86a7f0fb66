using System.Text;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Testing.Queue;

/// <summary>Jobs for tests, submitted the way the gateway does it.</summary>
public static class TestJobs
{
    /// <summary>The service of <see cref="Job"/>.</summary>
    public const string Service = "echo";

    /// <summary>A job of the service `echo`.</summary>
    public static NewJob Job { get; } = new()
    {
        Service = Service,
        JobType = "echo_batch",
        TaskType = "echo",
        Upstream = new Uri("http://127.0.0.1:9/echo"),
        Name = "a job",
    };

    /// <summary>A manifest of the service `echo`, to declare limits with.</summary>
    public static AdapterManifest Manifest { get; } = new()
    {
        Name = Service,
        Operations = [new AdapterOperation("echo", "echo", "echo_batch")],
    };

    /// <summary>Submits tasks without binary parts; the input of each is <c>{"n": ordinal}</c>.</summary>
    public static async Task<EnqueuedJob> EnqueueAsync(
        this IEnqueue store, long node, int tasks, NewJob? job, CancellationToken cancellationToken)
    {
        await using var upload = store.OpenUpload(node);
        for (var i = 0; i < tasks; i++)
        {
            upload.BeginTask();
            await upload.EndTaskAsync(Input(i), cancellationToken);
        }

        return await upload.CommitAsync(job ?? Job, cancellationToken);
    }

    /// <summary>The input of a task of <see cref="EnqueueAsync"/>.</summary>
    public static byte[] Input(int ordinal) => Encoding.UTF8.GetBytes($$"""{"n": {{ordinal}}}""");
}
