using StashAI.Queue.Model.Tasks;
using StashAI.Sdk;
using StashAI.Testing.Queue;

namespace StashAI.Queue.Tests.Engine;

/// <summary>Photos whose disk or server is away for now: their tasks wait, however often they were tried.</summary>
public sealed class AwayPayloadTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_task_does_not_fail_while_its_photo_cannot_be_read(bool isLargeInput)
    {
        await using var house = await EngineHouse.OpenAsync();
        var store = await house.OpenStoreAsync();
        var adapter = new ReadingAdapter();
        using var engine = house.Engine(store, adapter: adapter);
        var node = store.Nodes.Register("filler", TimeSpan.FromMinutes(1));
        await using var upload = store.OpenUpload(node);
        upload.KeepLargeInputsApart();
        upload.BeginTask();
        if (!isLargeInput)
        {
            upload.BeginPayload("image", null);
            await upload.WriteAsync(new byte[200_000], Cancellation);
            upload.EndPayload();
        }

        await upload.EndTaskAsync(isLargeInput ? Enumerable.Repeat((byte)'1', 200_000).ToArray() : default, Cancellation);
        var job = await upload.CommitAsync(house.Job with { MaxAttempts = 2 }, Cancellation);
        var (folder, aside) = (house.Path + "-payloads", house.Path + "-aside");
        Directory.Move(folder, aside);
        await engine.StartAsync(Cancellation);
        while ((await store.Read.ListAttemptsAsync(TaskKey.From(job.Key, 0), 100, Cancellation)).Count < 6)
            await Task.Delay(20, Cancellation);

        Directory.Move(aside, folder);

        var ended = await EngineHouse.WaitForEndAsync(engine, job);
        var attempts = await store.Read.ListAttemptsAsync(TaskKey.From(job.Key, 0), 100, Cancellation);
        Assert.Equal((1, 0), (ended.Counters.Completed, ended.Counters.Failed));
        Assert.All(
            attempts.Where(attempt => attempt.Event != TaskEvent.Succeed),
            attempt => Assert.Contains("is missing: mount it", attempt.ErrorMessage, StringComparison.Ordinal));
        await engine.StopAsync(Cancellation);
    }

    /// <summary>Reads all parts.</summary>
    private sealed class ReadingAdapter : IServiceAdapter
    {
        public AdapterManifest Manifest => TestJobs.Manifest;

        public async Task<TaskOutcome> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
        {
            foreach (var payload in context.Payloads)
            {
                await foreach (var piece in payload.ReadAsync(cancellationToken)) Assert.False(piece.IsEmpty);
            }

            return new TaskOutcome.Completed("{}"u8.ToArray(), new CallReport(200));
        }
    }
}
