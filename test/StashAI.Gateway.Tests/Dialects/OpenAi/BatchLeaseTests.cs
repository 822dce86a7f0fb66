using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StashAI.Gateway.Dialects.OpenAi.Batches;
using StashAI.Gateway.Tests.Routes;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Files;
using StashAI.Queue.Store;
using StashAI.Storage.Sqlite;
using StashAI.Storage.Sqlite.Database;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Dialects.OpenAi;

/// <summary>How the check of a batch ends before its last line: by a cancel, by its lease, or by another process.</summary>
public sealed class BatchLeaseTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cancel_ends_the_reading_of_the_lines()
    {
        var reading = new Reading();
        await using var host = await OpenAiHost.StartAsync(configure: builder => Intercepting.In<IClientFiles>(builder, reading.Answer));
        var batch = (await host.SubmitAsync("", OpenAiHost.Line("a", "x"))).Text("id");
        await reading.Begun.WaitAsync(Cancellation);

        Assert.Equal("cancelling", (await host.PostAsync($"/v1/batches/{batch}/cancel")).Text("status"));

        await reading.Ended.WaitAsync(Cancellation);
        var cancelled = await host.UntilAsync(batch, "cancelled");
        Assert.True(cancelled.IsNull("job_id"));
        Assert.Empty(await host.Http.GetStringAsync($"/v1/batches/{batch}/output", Cancellation));
        await host.PostAsync($"/v1/batches/{batch}/retry", status: 409);
        Assert.Equal(0, host.Engine.Ledger.Count);
    }

    [Theory]
    [InlineData(OpenAiHost.Chat)]
    [InlineData("/services/echo/up")]
    public async Task A_file_that_is_deleted_while_its_lines_are_read_is_named_as_deleted(string endpoint)
    {
        SqliteStore? other = null;
        var searches = 0;
        await using var host = await OpenAiHost.StartAsync(configure: builder => Intercepting.In<IClientFiles>(
            builder, (method, args) => method == "FindFileAsync" && Interlocked.Increment(ref searches) == 2
                ? DeleteAsync((Guid)args[0]!)
                : null));
        await using var store = await SqliteStore.OpenAsync(new SqliteSettings { Path = host.Gateway.DatabasePath }, Cancellation);
        other = store;
        var file = (await host.UploadAsync(OpenAiHost.Line("a", "x"))).Text("id");

        var batch = await host.PostAsync(
            "/v1/batches", $$"""{"input_file_id":"{{file}}","endpoint":"{{endpoint}}","completion_window":"24h"}""");

        var failed = await host.UntilAsync(batch.Text("id"), "failed");
        var error = Assert.Single(failed.GetProperty("errors").GetProperty("data").EnumerateArray());
        Assert.Equal(("file_not_found", "input_file_id"), (error.Text("code"), error.Text("param")));

        // What was found is gone with its bytes when the lines are read.
        async Task<ClientFile?> DeleteAsync(Guid id)
        {
            var found = await other!.Files.FindFileAsync(id, Cancellation);
            await other.Files.RemoveFileAsync(id, Cancellation);
            while (await other.Maintain.RemoveUnreferencedAsync(10, Cancellation) > 0)
            {
            }

            return found;
        }
    }

    [Fact]
    public async Task A_renewal_that_fails_ends_the_check()
    {
        var reading = new Reading();
        // The server's own loop finds no work, so that the clock of this one may be a test's.
        await using var host = await OpenAiHost.StartAsync(configure: builder => Intercepting.In<IFileBatches>(
            builder, (method, _) => method == "TakeBatchAsync" ? Task.FromResult<FileBatch?>(null) : null));
        var batch = (await host.SubmitAsync("", OpenAiHost.Line("a", "x"))).Text("id");
        var services = host.Gateway.Services;
        var engine = services.GetRequiredService<QueueEngine>();
        var store = ((Intercepted<IFileBatches>)(object)services.GetRequiredService<IFileBatches>()).Inner;
        var failing = Intercepting.Before(
            store, (method, _) => method == "RenewBatchAsync" ? Task.FromException<bool>(new IOException("The disk is gone.")) : null);
        var files = Intercepting.Before(services.GetRequiredService<IClientFiles>(), reading.Answer);
        var submit = ActivatorUtilities.CreateInstance<BatchSubmit>(services, files);
        var clock = new FakeTimeProvider();
        using var loop = new BatchLoop(failing, submit, engine, clock, NullLogger<BatchLoop>.Instance);
        reading.BlockNext();
        await loop.StartAsync(Cancellation);
        await reading.Begun.WaitAsync(Cancellation);

        clock.Advance(BatchLoop.Lease / 3);

        await reading.Ended.WaitAsync(Cancellation);
        await loop.StopAsync(Cancellation);
        // Nothing was made of it, and it waits for whoever has the lease next.
        Assert.Equal("validating", (await host.GetAsync($"/v1/batches/{batch}")).Text("status"));
        Assert.Equal(0, host.Engine.Ledger.Count);
    }

    [Fact]
    public async Task A_job_is_cancelled_whose_batch_another_process_has_ended()
    {
        FileBatch? ended = null;
        await using var host = await OpenAiHost.StartAsync(configure: builder => Intercepting.In<IFileBatches>(builder, (method, args) =>
        {
            switch (method)
            {
                case "SettleBatchAsync":
                    // The other process was faster: a client had cancelled before it found a job.
                    ended = (FileBatch)args[0]! with { State = FileBatchState.Cancelled, JobKey = null };
                    return Task.FromResult(false);
                case "FindBatchAsync" when ended is not null:
                    return Task.FromResult<FileBatch?>(ended);
                default:
                    return null;
            }
        }));
        host.Engine.Script = _ => Reply.Hang();

        await host.SubmitAsync("", OpenAiHost.Line("a", "x"), OpenAiHost.Line("b", "y"));

        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await StateAsync() != "cancelled") await timer.WaitForNextTickAsync(Cancellation);

        async Task<string?> StateAsync() =>
            (await host.Gateway.GetAsync("/api/jobs")).GetProperty("data").EnumerateArray().Select(job => job.Text("state"))
            .SingleOrDefault();
    }

    /// <summary>
    /// Holds the search for a batch's file, with which the reading of its lines begins, until it is cancelled. The first search is that of
    /// the request that makes the batch.
    /// </summary>
    private sealed class Reading
    {
        private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int searches;

        public Task Begun => begun.Task;

        public Task Ended => ended.Task;

        public void BlockNext() => searches = 1;

        public Task<ClientFile?>? Answer(string method, object?[] args) =>
            method == "FindFileAsync" && Interlocked.Increment(ref searches) == 2 ? HoldAsync((CancellationToken)args[1]!) : null;

        private async Task<ClientFile?> HoldAsync(CancellationToken cancellationToken)
        {
            begun.TrySetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                ended.TrySetResult();
            }

            return null;
        }
    }
}
