using System.Net;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Testing.Queue;

namespace StashAI.Queue.Tests.Engine;

/// <summary>A task whose binary part was damaged on the disk fails with the name of the file; its service is not to blame.</summary>
public sealed class LostPayloadTests : IAsyncLifetime
{
    private EngineHouse house = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => house = await EngineHouse.OpenAsync();

    public ValueTask DisposeAsync() => house.DisposeAsync();

    [Theory]
    [InlineData(200_000)]
    [InlineData(2_500_000)]
    public async Task The_task_fails_at_once_with_the_name_of_the_file_and_others_go_on(int size)
    {
        var store = await house.OpenStoreAsync();
        var job = await SubmitAsync(store, 3, size);
        var file = Assert.Single(Directory.GetFiles(house.Path + "-payloads"));
        // The last bytes of the second part.
        await using (var bytes = new FileStream(file, FileMode.Open, FileAccess.ReadWrite))
        {
            bytes.Position = (2 * size) - 10;
            bytes.WriteByte(99);
        }

        using var engine = await house.StartAsync(store, adapter: new UploadAdapter());
        var ended = await EngineHouse.WaitForEndAsync(engine, job);

        Assert.Equal((2, 1), (ended.Counters.Completed, ended.Counters.Failed));
        var task = Assert.Single(await store.Read.FindTasksAsync([TaskKey.From(job.Key, 1)], false, Cancellation));
        Assert.Equal((TaskState.Failed, ErrorKind.InvalidInput, 1), (task.State, task.ErrorKind, task.Attempt));
        Assert.Contains(file, task.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("was altered", task.ErrorMessage, StringComparison.Ordinal);
        await engine.StopAsync(Cancellation);
    }

    private async Task<EnqueuedJob> SubmitAsync(IQueueStore store, int tasks, int size)
    {
        await using var upload = store.OpenUpload(store.Nodes.Register("test", TimeSpan.FromMinutes(1)));
        for (var i = 0; i < tasks; i++)
        {
            upload.BeginTask();
            upload.BeginPayload("image", null);
            await upload.WriteAsync(new byte[size], Cancellation);
            upload.EndPayload();
            await upload.EndTaskAsync(TestJobs.Input(i), Cancellation);
        }

        return await upload.CommitAsync(house.Job, Cancellation);
    }

    /// <summary>Sends the part as a body. An error while the body is sent looks like a broken connection to it.</summary>
    private sealed class UploadAdapter : IServiceAdapter
    {
        public AdapterManifest Manifest => TestJobs.Manifest;

        public async Task<TaskOutcome> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
        {
            using var request =
                new HttpRequestMessage(HttpMethod.Post, context.Upstream) { Content = new PartContent(context.Payloads[0]) };
            request.Headers.Add("X-Item", context.TaskId.ToString());
            try
            {
                using var response = await context.Http.SendAsync(request, cancellationToken);
                return new TaskOutcome.Completed(await response.Content.ReadAsByteArrayAsync(cancellationToken), new CallReport(200));
            }
            catch (HttpRequestException exception)
            {
                return new TaskOutcome.Retry(ErrorKind.Connection, exception.Message, CallReport.None);
            }
        }
    }

    private sealed class PartContent(TaskPayload part) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await foreach (var piece in part.ReadAsync(Cancellation)) await stream.WriteAsync(piece, Cancellation);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = part.Size;
            return true;
        }
    }
}
