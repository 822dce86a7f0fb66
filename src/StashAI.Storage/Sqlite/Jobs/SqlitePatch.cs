using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Sqlite.Units;

namespace StashAI.Storage.Sqlite.Jobs;

/// <summary>Changes of jobs by people.</summary>
internal static class SqlitePatch
{
    private const string Change = """
        UPDATE queue_jobs SET name = COALESCE(?2, name), priority = COALESCE(?3, priority), effective_priority = COALESCE(?3, effective_priority),
            max_parallel = COALESCE(?4, max_parallel), deadline_at = CASE WHEN ?5 THEN ?6 ELSE deadline_at END,
            version = version + 1, updated_at = stashai_now()
        WHERE id = ?1 AND state <> 6 /* Staging */
        RETURNING public_id, version, state
        """;

    // Among the jobs of its new priority, or once it may run more, it has no credit from before.
    private const string Join = $"""
        UPDATE queue_jobs AS j SET vtime = {SqliteFairStart.OfJob}, waiting_since = stashai_now() WHERE id = ?1 AND state IN (0, 1) /* Pending, Running */
        """;

    public static ChangeSet Run(SqliteSession session, long jobKey, JobPatch patch)
    {
        var row = session.Use(Change).Bind(1, jobKey).Bind(2, patch.Name).Bind(3, (long?)patch.Priority).Bind(4, (long?)patch.MaxParallel)
            .Bind(5, patch.SetsDeadline ? 1 : 0).Bind(6, patch.Deadline?.ToUnixTimeMilliseconds());
        if (!row.Step()) return ChangeSet.Empty;
        var state = (JobState)row.Int32(2);
        var change = new JobChange(jobKey, row.Guid(0), row.Int64(1), state, state);
        row.Run();
        if (patch.Priority is not null || patch.MaxParallel is not null) session.Use(Join).Bind(1, jobKey).Run();
        if (patch.Name is { } name) SqliteLabels.Rename(session, jobKey, name);
        if (patch.Tags is { } tags) SqliteLabels.Replace(session, jobKey, tags);
        return new ChangeSet([], [change]);
    }
}
