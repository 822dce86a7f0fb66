using Microsoft.Extensions.Logging;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Store;

namespace StashAI.Queue.Maintenance;

/// <summary>Logs a warning when the database cannot remove dead rows, and a line when it can again.</summary>
internal sealed class DatabaseWatch(IDatabaseCheck database, TimeSpan oldTransaction, ILogger logger)
{
    /// <summary>Fewer dead rows than this have no noticeable cost.</summary>
    private const long ManyDeadRows = 500_000;

    private volatile string? warning;

    public static TimeSpan Pause { get; } = TimeSpan.FromMinutes(1);

    /// <summary>What is wrong and how to fix it, in one sentence; null when nothing is wrong.</summary>
    public string? Warning => warning;

    public async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        var before = warning;
        warning = FindWarning(await database.CheckAsync(cancellationToken));
        if (warning is { } reason && before is null) Log.DatabaseNeedsAttention(logger, reason);
        if (warning is null && before is not null) Log.DatabaseInOrder(logger);
        return Pause;
    }

    private string? FindWarning(DatabaseHealth health)
    {
        if (health.OldestTransaction >= oldTransaction)
        {
            return $"{health.OldestHolder} has held a transaction open for {health.OldestTransaction.TotalMinutes:0} minutes, "
                + "so that dead rows cannot be removed and the queue becomes slower: end that session";
        }

        return health.DeadRows >= ManyDeadRows && health.DeadRows > health.LiveRows
            ? $"{health.Table} has {health.DeadRows} dead rows and {health.LiveRows} live ones: "
                + "check that autovacuum is running, or run VACUUM"
            : null;
    }
}
