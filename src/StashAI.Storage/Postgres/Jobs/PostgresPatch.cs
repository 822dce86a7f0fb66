using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Postgres.Units;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Jobs;

/// <summary>Changes of jobs by people.</summary>
internal static class PostgresPatch
{
    private const string Change = """
        UPDATE queue_jobs SET name = COALESCE($2, name), priority = COALESCE($3, priority), effective_priority = COALESCE($3, effective_priority),
            max_parallel = COALESCE($4, max_parallel), deadline_at = CASE WHEN $5 THEN $6 ELSE deadline_at END,
            version = version + 1, updated_at = stashai_now()
        WHERE id = $1 AND state <> 6 /* Staging */
        RETURNING public_id, version, state
        """;

    // Among the jobs of its new priority, or once it may run more, it has no credit from before.
    private const string Join = $"""
        UPDATE queue_jobs j SET vtime = {PostgresFairStart.OfJob}, waiting_since = stashai_now() WHERE id = $1 AND state IN (0, 1) /* Pending, Running */
        """;

    public static async Task<ChangeSet> RunAsync(PostgresSession session, long jobKey, JobPatch patch)
    {
        var changes = ChangeSet.Empty;
        await using (var batch = session.Batch()
            .Add(Begin)
            .Add(PostgresUnit.LockJobs, Value<long[]>([jobKey]))
            .Add(
                Change, Value(jobKey), Text(patch.Name), OrNull(patch.Priority), OrNull(patch.MaxParallel), Value(patch.SetsDeadline),
                OrNull(patch.Deadline?.ToUnixTimeMilliseconds())))
        await using (var rows = await batch.ReadAsync(CancellationToken.None))
        {
            await rows.NextResultAsync();
            if (await rows.ReadAsync())
            {
                var state = (JobState)rows.GetInt16(2);
                changes = new ChangeSet([], [new JobChange(jobKey, rows.GetGuid(0), rows.GetInt64(1), state, state)]);
            }

            await EndAsync(rows, CancellationToken.None);
        }

        await using var end = session.Batch();
        if (changes.Jobs.Count > 0 && (patch.Priority is not null || patch.MaxParallel is not null)) end.Add(Join, Value(jobKey));
        if (changes.Jobs.Count > 0 && patch.Name is { } name) PostgresLabels.Rename(end, jobKey, name);
        if (changes.Jobs.Count > 0 && patch.Tags is { } tags) PostgresLabels.Replace(end, jobKey, tags);
        await end.Add(Commit).RunAsync(CancellationToken.None);
        return changes;
    }
}
