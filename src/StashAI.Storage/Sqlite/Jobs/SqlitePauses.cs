using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Lanes;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Sqlite.Units;

namespace StashAI.Storage.Sqlite.Jobs;

/// <summary>Pauses and resumes jobs and services.</summary>
internal static class SqlitePauses
{
    private const string Change = $"""
        UPDATE queue_jobs AS j SET paused = ?2, pause_ends_at = ?3, version = version + 1, updated_at = stashai_now(),
            waiting_since = stashai_now(), vtime = {SqliteFairStart.OfJob}
        """;

    private const string SetJob = $"""
        {Change} WHERE id = ?1 AND paused <> ?2 AND state IN (0, 1) /* Pending, Running */ RETURNING public_id, version, state
        """;

    private const string SetEndOfJob = """
        UPDATE queue_jobs SET pause_ends_at = ?2, version = version + 1, updated_at = stashai_now()
        WHERE id = ?1 AND paused <> 0 AND pause_ends_at IS NOT ?2 AND state IN (0, 1) /* Pending, Running */
        RETURNING public_id, version, state
        """;

    // The pause of a job that has ended ends too: a retry would otherwise wait for somebody.
    private const string EndOfJob = $"{Change} WHERE id = ?1 RETURNING public_id, version, state";

    private const string DueJobs = "SELECT id FROM queue_jobs WHERE pause_ends_at <= stashai_now() ORDER BY id LIMIT ?1";

    private const string Add = "INSERT INTO pauses (service, paused_at, ends_at) VALUES (?1, stashai_now(), ?2) ON CONFLICT DO NOTHING";

    private const string SetEnd = "UPDATE pauses SET ends_at = ?2 WHERE service = ?1";

    private const string Remove = "DELETE FROM pauses WHERE service = ?1";

    private const string DueServices = "SELECT service FROM pauses WHERE ends_at <= stashai_now()";

    private const string List = "SELECT service, ends_at FROM pauses ORDER BY service";

    private const string Next = """
        SELECT MIN(ends) - stashai_now() FROM (
            SELECT MIN(pause_ends_at) AS ends FROM queue_jobs WHERE pause_ends_at IS NOT NULL
            UNION ALL SELECT MIN(ends_at) FROM pauses)
        """;

    public static ChangeSet PauseJob(SqliteSession session, long jobKey, bool paused, DateTimeOffset? until)
    {
        var end = paused ? until?.ToUnixTimeMilliseconds() : null;
        if (Run(session.Use(SetJob).Bind(1, jobKey).Bind(2, paused ? 1 : 0).Bind(3, end), jobKey) is { } changed)
        {
            SqliteTimelines.NoteJob(session, jobKey, EventOf(paused));
            return new ChangeSet([], [changed]);
        }

        return paused && Run(session.Use(SetEndOfJob).Bind(1, jobKey).Bind(2, end), jobKey) is { } moved
            ? new ChangeSet([], [moved])
            : ChangeSet.Empty;
    }

    public static int PauseService(SqliteSession session, string service, bool paused, DateTimeOffset? until)
    {
        var end = until?.ToUnixTimeMilliseconds();
        var changed = paused
            ? session.Use(Add).Bind(1, service).Bind(2, end).Run()
            : session.Use(Remove).Bind(1, service).Run();
        if (changed > 0) SqliteTimelines.NoteService(session, service, service == Pauses.Everything, EventOf(paused));
        else if (paused) session.Use(SetEnd).Bind(1, service).Bind(2, end).Run();
        return changed;
    }

    /// <summary>Ends the pauses whose end has come.</summary>
    public static EndedPauses End(SqliteSession session, int limit)
    {
        var jobs = new List<JobChange>();
        foreach (var key in Keys(session.Use(DueJobs).Bind(1, limit)))
        {
            if (Run(session.Use(EndOfJob).Bind(1, key).Bind(2, 0).Bind(3, (long?)null), key) is not { } changed) continue;
            SqliteTimelines.NoteJob(session, key, TimelineEvent.Resumed);
            jobs.Add(changed);
        }

        var services = new List<string>();
        var rows = session.Use(DueServices);
        while (rows.Step()) services.Add(rows.Text(0));
        foreach (var service in services) PauseService(session, service, paused: false, until: null);
        return new EndedPauses(new ChangeSet([], jobs), services.Count, Time(NextEnd(session)));
    }

    /// <summary>The milliseconds to the next end; null when no pause has one.</summary>
    public static long? NextEnd(SqliteSession session) => session.Use(Next).Scalar();

    public static TimeSpan? Time(long? milliseconds) => milliseconds is { } time ? TimeSpan.FromMilliseconds(time) : null;

    public static Pauses Read(SqliteSession session)
    {
        var services = new List<string>();
        var ends = new Dictionary<string, DateTimeOffset>();
        var rows = session.Use(List);
        while (rows.Step())
        {
            services.Add(rows.Text(0));
            if (!rows.IsNull(1)) ends.Add(rows.Text(0), DateTimeOffset.FromUnixTimeMilliseconds(rows.Int64(1)));
        }

        var all = services.Remove(Pauses.Everything);
        return new Pauses(services, all) { Ends = ends };
    }

    private static JobChange? Run(SqliteStatement row, long jobKey)
    {
        if (!row.Step()) return null;
        var state = (JobState)row.Int32(2);
        var change = new JobChange(jobKey, row.Guid(0), row.Int64(1), state, state);
        row.Run();
        return change;
    }

    private static List<long> Keys(SqliteStatement rows)
    {
        var keys = new List<long>();
        while (rows.Step()) keys.Add(rows.Int64(0));
        return keys;
    }

    private static TimelineEvent EventOf(bool paused) => paused ? TimelineEvent.Paused : TimelineEvent.Resumed;
}
