using StashAI.Sdk;
using StashAI.Testing.Queue;

namespace StashAI.Queue.Tests.Maintenance;

/// <summary>A service whose results are judged again.</summary>
internal sealed class JudgedAdapter(Judge judge) : IServiceAdapter
{
    public AdapterManifest Manifest { get; } = TestJobs.Manifest with
    {
        Operations =
        [
            new AdapterOperation("echo", "echo", "echo_batch")
            {
                Fold = NumberSum.Instance,
                Rematch = judge,
                Subjects = NumberShown.Instance,
            },
        ],
    };

    public Task<TaskOutcome> ExecuteAsync(TaskContext context, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("A rematch makes no call.");
}
