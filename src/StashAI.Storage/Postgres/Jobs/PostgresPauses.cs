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
    private const string SetJob = $"""
        WITH changed AS (
            UPDATE queue_jobs j SET paused = $2, version = version + 1, updated_at = stashai_now(), waiting_since = stashai_now(),
                vtime = {PostgresFairStart.OfJob}
            WHERE id = $1 AND paused <> $2 AND state IN (0, 1) /* Pending, Running */
            RETURNING id, public_id, version, state)
        {PostgresTimelines.NoteChanged}
        SELECT public_id, version, state FROM changed
        """;

    private const string Add = $"""
        WITH changed AS (INSERT INTO pauses (service, paused_at) VALUES ($1, stashai_now()) ON CONFLICT DO NOTHING RETURNING 1)
        {PostgresTimelines.NoteOfService}
        SELECT COUNT(*) FROM changed
        """;

    private const string Remove = $"""
        WITH changed AS (DELETE FROM pauses WHERE service = $1 RETURNING 1)
        {PostgresTimelines.NoteOfService}
        SELECT COUNT(*) FROM changed
        """;

    private const string List = "SELECT service FROM pauses ORDER BY service";

    public static async Task<ChangeSet> PauseJobAsync(PostgresSession session, long jobKey, bool paused)
    {
        await using var batch = session.Batch().Add(
            SetJob, Value(jobKey), Value((short)(paused ? 1 : 0)), Value((short)EventOf(paused)));
        await using var rows = await batch.ReadAsync(CancellationToken.None);
        if (!await rows.ReadAsync()) return ChangeSet.Empty;
        var state = (JobState)rows.GetInt16(2);
        return new ChangeSet([], [new JobChange(jobKey, rows.GetGuid(0), rows.GetInt64(1), state, state)]);
    }

    public static async Task PauseServiceAsync(PostgresSession session, string service, bool paused)
    {
        await using var batch = session.Batch().Add(
            paused ? Add : Remove, Text(service), Value(service == Pauses.Everything), Value((short)EventOf(paused)));
        await batch.RunAsync(CancellationToken.None);
    }

    public static async Task<Pauses> ReadAsync(PostgresSession session, CancellationToken cancellationToken)
    {
        var services = new List<string>();
        await using var batch = session.Batch().Add(List);
        await using var rows = await batch.ReadAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) services.Add(rows.GetString(0));
        var all = services.Remove(Pauses.Everything);
        services.Sort(StringComparer.Ordinal);
        return new Pauses(services, all);
    }

    private static TimelineEvent EventOf(bool paused) => paused ? TimelineEvent.Paused : TimelineEvent.Resumed;
}
