using System.Collections.Concurrent;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Files;
using StashAI.Queue.Signals;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Dialects.OpenAi.Batches;

/// <summary>
/// Checks batches and makes jobs of them, a few at once. Each is taken with a lease, which is renewed while it is checked, so another
/// process goes on with the batches of one that died.
/// </summary>
internal sealed partial class BatchLoop(
    IFileBatches batches, BatchSubmit submit, QueueEngine engine, TimeProvider clock, ILogger<BatchLoop> logger)
    : BackgroundService
{
    /// <summary>A process that has not renewed it for this long is taken for dead.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>How long a batch waits that could not be checked.</summary>
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(2);

    private const int MaxRuns = 4;

    private readonly Guid worker = Guid.NewGuid();
    private readonly Wakeup wakeup = new(clock);
    private readonly ConcurrentDictionary<long, Task> runs = [];

    /// <summary>Looks for work now.</summary>
    public void Wake() => wakeup.Set();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                wakeup.Reset();
                try
                {
                    await BeginAsync(stoppingToken);
                }
                catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
                {
                    LogFailed(exception.Message);
                }

                await wakeup.WaitAsync(PollInterval, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(runs.Values);
        }
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        while (runs.Count < MaxRuns && await batches.TakeBatchAsync(worker, Lease, cancellationToken) is { } batch)
        {
            // The lease of a batch of this process may have been over for a moment.
            if (runs.ContainsKey(batch.Key)) return;
            // It may be over, and have removed itself, before it is noted.
            runs[batch.Key] = Task.CompletedTask;
            runs.TryUpdate(batch.Key, RunAsync(batch, cancellationToken), Task.CompletedTask);
        }
    }

    private async Task RunAsync(FileBatch batch, CancellationToken cancellationToken)
    {
        await Task.Yield();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        var renewing = RenewAsync(batch.Key, stop);
        var watching = WatchAsync(batch.Id, reading);
        try
        {
            await SettleAsync(batch, reading.Token, stop.Token);
        }
        catch (Exception exception)
        {
            var isStopping = exception is OperationCanceledException && cancellationToken.IsCancellationRequested;
            if (!isStopping) LogUnfinished(batch.Id, exception.Message);
            await TryPostponeAsync(batch.Key, isStopping ? TimeSpan.Zero : RetryPause);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(renewing, watching);
            runs.TryRemove(batch.Key, out _);
            wakeup.Set();
        }
    }

    private async Task SettleAsync(FileBatch batch, CancellationToken reading, CancellationToken cancellationToken)
    {
        if (batch.State == FileBatchState.Checking)
        {
            var settled = await CheckAsync(batch, reading, cancellationToken);
            if (settled is not null && await batches.SettleBatchAsync(settled, FileBatchState.Checking, worker, CancellationToken.None))
            {
                LogSettled(batch.Id, settled.State, settled.JobKey);
                return;
            }

            // A client has cancelled it meanwhile, or another process has it.
            var now = await batches.FindBatchAsync(batch.Id, cancellationToken);
            if (now is not { State: FileBatchState.Cancelling })
            {
                // The other process ended it without a job, so the job of this check is nobody's.
                if (settled?.JobKey is { } orphan && now is null or { State: FileBatchState.Refused or FileBatchState.Cancelled })
                    await engine.CancelJobAsync(orphan, CancellationToken.None);
                return;
            }

            batch = now;
        }

        var job = await batches.FindJobAsync(BatchSubmit.KeyOf(batch), cancellationToken);
        if (job is { } key) await engine.CancelJobAsync(key, cancellationToken);
        await batches.SettleBatchAsync(
            batch with { State = job is null ? FileBatchState.Cancelled : FileBatchState.Submitted, JobKey = job },
            FileBatchState.Cancelling, worker, CancellationToken.None);
    }

    /// <summary>Checks a batch; null when a client cancelled it before its last line was read.</summary>
    private async Task<FileBatch?> CheckAsync(FileBatch batch, CancellationToken reading, CancellationToken cancellationToken)
    {
        try
        {
            return await submit.RunAsync(batch, reading, cancellationToken);
        }
        catch (OperationCanceledException) when (reading.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Ends the reading of a batch's lines when a client has cancelled it, by this process or another.</summary>
    private async Task WatchAsync(Guid id, CancellationTokenSource reading)
    {
        try
        {
            while (await batches.FindBatchAsync(id, reading.Token) is { State: FileBatchState.Checking })
                await Task.Delay(PollInterval, clock, reading.Token);
            await reading.CancelAsync();
        }
        catch (OperationCanceledException)
        {
            // The check is over.
        }
        catch (Exception exception)
        {
            // A check that nobody watches is only longer.
            LogFailed(exception.Message);
        }
    }

    private async Task RenewAsync(long key, CancellationTokenSource stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Lease / 3, clock, stop.Token);
                if (await batches.RenewBatchAsync(key, worker, Lease, stop.Token)) continue;
                await stop.CancelAsync();
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // The check is over.
        }
        catch (Exception exception)
        {
            LogFailed(exception.Message);
            // Without its lease, a check would go on beside that of another process.
            await stop.CancelAsync();
        }
    }

    private async Task TryPostponeAsync(long key, TimeSpan pause)
    {
        try
        {
            await batches.RenewBatchAsync(key, worker, pause, CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogFailed(exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Batches could not be read or written; trying again: {Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The batch {Batch} could not be checked and will be tried again: {Reason}")]
    private partial void LogUnfinished(Guid batch, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The batch {Batch} is {State}, job {Job}")]
    private partial void LogSettled(Guid batch, FileBatchState state, long? job);
}
