using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Storage.Jobs;
using StashAI.Storage.Postgres.Database;

namespace StashAI.Storage.Postgres.Jobs;

/// <summary>The transactions of <see cref="JobControl"/> on PostgreSQL.</summary>
internal sealed class PostgresControl(PostgresDatabase database) : JobControl
{
    public override Task<CancelResult> CancelTaskAsync(long taskKey, CancellationToken cancellationToken) =>
        database.RunAsync(session => PostgresCancel.CancelTaskAsync(session, taskKey), cancellationToken);

    public override Task<ChangeSet> ChangeJobAsync(long jobKey, JobPatch patch, CancellationToken cancellationToken) =>
        database.RunAsync(session => PostgresPatch.RunAsync(session, jobKey, patch), cancellationToken);

    public override Task<bool> RemoveJobAsync(long jobKey, CancellationToken cancellationToken) =>
        database.RunAsync(async session => await PostgresRemoval.HideAsync(session, [jobKey]) > 0, cancellationToken);

    public override Task<ChangeSet> PauseJobAsync(long jobKey, bool paused, DateTimeOffset? until, CancellationToken cancellationToken) =>
        database.RunAsync(session => PostgresPauses.PauseJobAsync(session, jobKey, paused, until), cancellationToken);

    public override async Task PauseServiceAsync(
        string service, bool paused, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await PostgresPauses.PauseServiceAsync(session, service, paused, until);
    }

    public override Task<EndedPauses> EndPausesAsync(int limit, CancellationToken cancellationToken) =>
        database.RunAsync(session => PostgresPauses.EndAsync(session, limit, cancellationToken), cancellationToken);

    protected override Task<CancelResult> BeginCancelAsync(long jobKey, CancellationToken cancellationToken) =>
        database.RunAsync(session => PostgresCancel.BeginCancelJobAsync(session, jobKey), cancellationToken);

    protected override Task<(CancelResult Result, long Next)> CancelBatchAsync(long jobKey, long fromTaskKey) =>
        database.RunAsync(session => PostgresCancel.CancelBatchAsync(session, jobKey, fromTaskKey, BatchSize), CancellationToken.None);

    protected override Task<ChangeSet> ExpireBatchAsync() =>
        database.RunAsync(session => PostgresDeadlines.ExpireAsync(session, BatchSize, CancellationToken.None), CancellationToken.None);

    protected override Task<int?> TryBeginRetryAsync(long jobKey, bool withCancelled, CancellationToken cancellationToken) =>
        database.RunAsync(session => PostgresRetry.TryBeginAsync(session, jobKey, withCancelled), cancellationToken);

    protected override Task<(RetryResult Result, bool IsFinished)> RetryBatchAsync(long jobKey) =>
        database.RunAsync(session => PostgresRetry.ContinueAsync(session, jobKey, BatchSize), CancellationToken.None);

    protected override Task<RetryResult?> TryRetryTaskAsync(
        long taskKey, ReadOnlyMemory<byte>? input, CancellationToken cancellationToken) =>
        database.RunAsync(session => PostgresRetry.RetryTaskAsync(session, taskKey, input), cancellationToken);

    protected override Task<(RetryResult Result, int? Next)?> TryRetrySomeAsync(
        long jobKey, RetrySelection selection, int from, int limit, CancellationToken cancellationToken) =>
        database.RunAsync(session => PostgresRetry.RetrySomeAsync(session, jobKey, selection, from, limit), cancellationToken);

    protected override Task<(RetryResult Result, int? Next)> SkipSomeAsync(
        long jobKey, RetrySelection selection, int from, int limit, CancellationToken cancellationToken) =>
        database.RunAsync(session => PostgresRetry.SkipSomeAsync(session, jobKey, selection, from, limit), cancellationToken);

    protected override Task<Reopening> OpenLanesAsync(string service, CancellationToken cancellationToken) =>
        database.RunAsync(session => PostgresReopen.OpenLanesAsync(session, service, cancellationToken), cancellationToken);

    protected override Task<int> MakeDueAsync(string service) =>
        database.RunAsync(session => PostgresReopen.MakeTasksDueAsync(session, service, BatchSize), CancellationToken.None);
}
