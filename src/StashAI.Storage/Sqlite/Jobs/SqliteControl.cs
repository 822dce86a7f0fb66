using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Storage.Jobs;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Jobs;

/// <summary>The transactions of <see cref="JobControl"/> on SQLite.</summary>
internal sealed class SqliteControl(SqliteWriter writer, SqliteReaders readers) : JobControl
{
    public override Task<CancelResult> CancelTaskAsync(long taskKey, CancellationToken cancellationToken) =>
        writer.RunAsync(session => SqliteCancel.CancelTask(session, taskKey), cancellationToken);

    public override Task<ChangeSet> ChangeJobAsync(long jobKey, JobPatch patch, CancellationToken cancellationToken) =>
        writer.RunAsync(session => SqlitePatch.Run(session, jobKey, patch), cancellationToken);

    public override Task<bool> RemoveJobAsync(long jobKey, CancellationToken cancellationToken) =>
        writer.RunAsync(session => SqliteRemoval.Hide(session, jobKey), cancellationToken);

    public override Task<ChangeSet> PauseJobAsync(long jobKey, bool paused, DateTimeOffset? until, CancellationToken cancellationToken) =>
        writer.RunAsync(session => SqlitePauses.PauseJob(session, jobKey, paused, until), cancellationToken);

    public override Task PauseServiceAsync(string service, bool paused, DateTimeOffset? until, CancellationToken cancellationToken) =>
        writer.RunAsync(session => SqlitePauses.PauseService(session, service, paused, until), cancellationToken);

    public override async Task<EndedPauses> EndPausesAsync(int limit, CancellationToken cancellationToken)
    {
        // Usually no end has come, and the write lock is not needed.
        var next = await readers.ReadAsync(SqlitePauses.NextEnd, cancellationToken);
        return next is null or > 0
            ? new EndedPauses(ChangeSet.Empty, 0, SqlitePauses.Time(next))
            : await writer.RunAsync(session => SqlitePauses.End(session, limit), cancellationToken);
    }

    protected override Task<CancelResult> BeginCancelAsync(long jobKey, CancellationToken cancellationToken) =>
        writer.RunAsync(session => SqliteCancel.BeginCancelJob(session, jobKey), cancellationToken);

    protected override Task<(CancelResult Result, long Next)> CancelBatchAsync(long jobKey, long fromTaskKey) =>
        writer.RunAsync(session => SqliteCancel.CancelBatch(session, jobKey, fromTaskKey, BatchSize), CancellationToken.None);

    protected override Task<ChangeSet> ExpireBatchAsync() =>
        writer.RunAsync(session => SqliteDeadlines.Expire(session, BatchSize), CancellationToken.None);

    protected override Task<int?> TryBeginRetryAsync(long jobKey, bool withCancelled, CancellationToken cancellationToken) =>
        writer.RunAsync(session => SqliteRetry.TryBegin(session, jobKey, withCancelled), cancellationToken);

    protected override Task<(RetryResult Result, bool IsFinished)> RetryBatchAsync(long jobKey) =>
        writer.RunAsync(session => SqliteRetry.Continue(session, jobKey, BatchSize), CancellationToken.None);

    protected override Task<RetryResult?> TryRetryTaskAsync(
        long taskKey, ReadOnlyMemory<byte>? input, CancellationToken cancellationToken) =>
        writer.RunAsync(session => SqliteRetry.RetryTask(session, taskKey, input), cancellationToken);

    protected override Task<(RetryResult Result, int? Next)?> TryRetrySomeAsync(
        long jobKey, RetrySelection selection, int from, int limit, CancellationToken cancellationToken) =>
        writer.RunAsync(session => SqliteRetry.RetrySome(session, jobKey, selection, from, limit), cancellationToken, isBulk: true);

    protected override Task<(RetryResult Result, int? Next)> SkipSomeAsync(
        long jobKey, RetrySelection selection, int from, int limit, CancellationToken cancellationToken) =>
        writer.RunAsync(
            session => SqliteRetry.SkipSome(session, jobKey, selection, from, limit), cancellationToken, isBulk: true);

    protected override Task<Reopening> OpenLanesAsync(string service, CancellationToken cancellationToken) =>
        writer.RunAsync(session => SqliteReopen.OpenLanes(session, service), cancellationToken);

    protected override Task<int> MakeDueAsync(string service) =>
        writer.RunAsync(session => SqliteReopen.MakeTasksDue(session, service, BatchSize), CancellationToken.None);
}
