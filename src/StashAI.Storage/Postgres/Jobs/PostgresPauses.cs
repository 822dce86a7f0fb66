using Npgsql;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Lanes;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Postgres.Units;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Jobs;

/// <summary>Pauses and resumes jobs and services.</summary>
internal static class PostgresPauses
{
    private const string Head = $"""
        UPDATE queue_jobs j SET paused = $2, pause_ends_at = $4, version = version + 1, updated_at = stashai_now(),
            waiting_since = stashai_now(), vtime = {PostgresFairStart.OfJob}
        """;

    private const string SetJob = $"""
        WITH changed AS (
            {Head}
            WHERE id = $1 AND paused <> $2 AND state IN (0, 1) /* Pending, Running */
            RETURNING id, public_id, version, state)
        {PostgresTimelines.NoteChanged}
        SELECT id, public_id, version, state FROM changed
        """;

    private const string SetEndOfJob = """
        UPDATE queue_jobs SET pause_ends_at = $2, version = version + 1, updated_at = stashai_now()
        WHERE id = $1 AND paused <> 0 AND pause_ends_at IS DISTINCT FROM $2 AND state IN (0, 1) /* Pending, Running */
        RETURNING id, public_id, version, state
        """;

    // The pause of a job that has ended ends too: a retry would otherwise wait for somebody. A job whose row is held is ended next time.
    private const string EndJobs = $"""
        WITH due AS (
            SELECT id FROM queue_jobs WHERE pause_ends_at <= stashai_now() ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED),
        changed AS (
            {Head}
            WHERE id IN (SELECT id FROM due)
            RETURNING id, public_id, version, state)
        {PostgresTimelines.NoteChanged}
        SELECT id, public_id, version, state FROM changed ORDER BY id
        """;

    private const string Add = $"""
        WITH changed AS (
            INSERT INTO pauses (service, paused_at, ends_at) VALUES ($1, stashai_now(), $4) ON CONFLICT DO NOTHING RETURNING 1)
        {PostgresTimelines.NoteOfService}
        SELECT COUNT(*) FROM changed
        """;

    private const string SetEnd = "UPDATE pauses SET ends_at = $2 WHERE service = $1";

    private const string Remove = $"""
        WITH changed AS (DELETE FROM pauses WHERE service = $1 RETURNING 1)
        {PostgresTimelines.NoteOfService}
        SELECT COUNT(*) FROM changed
        """;

    private const string EndServices = """
        WITH changed AS (DELETE FROM pauses WHERE ends_at <= stashai_now() RETURNING service), noted AS (
            INSERT INTO timeline_events (kind, subject_id, at, event)
            SELECT 1, id, stashai_now(), $1 FROM lanes
            WHERE EXISTS (SELECT 1 FROM changed c WHERE c.service = lanes.service OR c.service = '*') ORDER BY id
            ON CONFLICT (kind, subject_id, at, event) DO NOTHING)
        SELECT COUNT(*) FROM changed
        """;

    private const string List = "SELECT service, ends_at FROM pauses ORDER BY service";

    private const string Next = """
        SELECT MIN(ends) - stashai_now() FROM (
            SELECT MIN(pause_ends_at) AS ends FROM queue_jobs WHERE pause_ends_at IS NOT NULL
            UNION ALL SELECT MIN(ends_at) FROM pauses) AS e
        """;

    public static async Task<ChangeSet> PauseJobAsync(PostgresSession session, long jobKey, bool paused, DateTimeOffset? until)
    {
        var end = paused ? until?.ToUnixTimeMilliseconds() : null;
        var changed = await RunAsync(
            session, SetJob, Value(jobKey), Value((short)(paused ? 1 : 0)), Value((short)EventOf(paused)), OrNull(end));
        return changed.IsEmpty && paused ? await RunAsync(session, SetEndOfJob, Value(jobKey), OrNull(end)) : changed;
    }

    public static async Task PauseServiceAsync(PostgresSession session, string service, bool paused, DateTimeOffset? until)
    {
        var end = until?.ToUnixTimeMilliseconds();
        await using var batch = session.Batch();
        var (name, isAll, happened) = (Text(service), Value(service == Pauses.Everything), Value((short)EventOf(paused)));
        if (paused) batch.Add(Add, name, isAll, happened, OrNull(end)).Add(SetEnd, Text(service), OrNull(end));
        else batch.Add(Remove, name, isAll, happened);
        await batch.RunAsync(CancellationToken.None);
    }

    /// <summary>Ends the pauses whose end has come.</summary>
    public static async Task<EndedPauses> EndAsync(PostgresSession session, int limit, CancellationToken cancellationToken)
    {
        var next = await NextEndAsync(session, cancellationToken);
        // Usually no end has come, and nothing is written.
        if (next is null || next > TimeSpan.Zero) return new EndedPauses(ChangeSet.Empty, 0, next);
        var resumed = Value((short)TimelineEvent.Resumed);
        var jobs = await RunAsync(session, EndJobs, Value((long)limit), Value((short)0), resumed, OrNull((long?)null));
        await using var batch = session.Batch().Add(EndServices, Value((short)TimelineEvent.Resumed));
        await using var rows = await batch.ReadAsync(CancellationToken.None);
        await rows.ReadAsync(CancellationToken.None);
        var services = (int)rows.GetInt64(0);
        await rows.DisposeAsync();
        return new EndedPauses(jobs, services, await NextEndAsync(session, cancellationToken));
    }

    public static async Task<Pauses> ReadAsync(PostgresSession session, CancellationToken cancellationToken)
    {
        var services = new List<string>();
        var ends = new Dictionary<string, DateTimeOffset>();
        await using var batch = session.Batch().Add(List);
        await using var rows = await batch.ReadAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            services.Add(rows.GetString(0));
            if (PostgresRows.Time(rows, 1) is { } end) ends.Add(rows.GetString(0), end);
        }

        var all = services.Remove(Pauses.Everything);
        services.Sort(StringComparer.Ordinal);
        return new Pauses(services, all) { Ends = ends };
    }

    private static async Task<TimeSpan?> NextEndAsync(PostgresSession session, CancellationToken cancellationToken)
    {
        await using var batch = session.Batch().Add(Next);
        await using var rows = await batch.ReadAsync(cancellationToken);
        await rows.ReadAsync(cancellationToken);
        return rows.IsDBNull(0) ? null : TimeSpan.FromMilliseconds(rows.GetInt64(0));
    }

    private static async Task<ChangeSet> RunAsync(PostgresSession session, string command, params NpgsqlParameter[] parameters)
    {
        await using var batch = session.Batch().Add(command, parameters);
        await using var rows = await batch.ReadAsync(CancellationToken.None);
        var jobs = new List<JobChange>();
        while (await rows.ReadAsync())
        {
            var state = (JobState)rows.GetInt16(3);
            jobs.Add(new JobChange(rows.GetInt64(0), rows.GetGuid(1), rows.GetInt64(2), state, state));
        }

        return jobs.Count == 0 ? ChangeSet.Empty : new ChangeSet([], jobs);
    }

    private static TimelineEvent EventOf(bool paused) => paused ? TimelineEvent.Paused : TimelineEvent.Resumed;
}
