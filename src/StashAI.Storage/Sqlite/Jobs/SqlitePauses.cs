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
    private const string SetJob = $"""
        UPDATE queue_jobs AS j SET paused = ?2, version = version + 1, updated_at = stashai_now(), waiting_since = stashai_now(),
            vtime = {SqliteFairStart.OfJob}
        WHERE id = ?1 AND paused <> ?2 AND state IN (0, 1) /* Pending, Running */
        RETURNING public_id, version, state
        """;

    private const string Add = "INSERT INTO pauses (service, paused_at) VALUES (?1, stashai_now()) ON CONFLICT DO NOTHING";

    private const string Remove = "DELETE FROM pauses WHERE service = ?1";

    private const string List = "SELECT service FROM pauses ORDER BY service";

    public static ChangeSet PauseJob(SqliteSession session, long jobKey, bool paused)
    {
        var row = session.Use(SetJob).Bind(1, jobKey).Bind(2, paused ? 1 : 0);
        if (!row.Step()) return ChangeSet.Empty;
        var state = (JobState)row.Int32(2);
        var change = new JobChange(jobKey, row.Guid(0), row.Int64(1), state, state);
        row.Run();
        SqliteTimelines.NoteJob(session, jobKey, paused ? TimelineEvent.Paused : TimelineEvent.Resumed);
        return new ChangeSet([], [change]);
    }

    public static int PauseService(SqliteSession session, string service, bool paused)
    {
        var changed = session.Use(paused ? Add : Remove).Bind(1, service).Run();
        if (changed == 0) return 0;
        SqliteTimelines.NoteService(
            session, service, service == Pauses.Everything, paused ? TimelineEvent.Paused : TimelineEvent.Resumed);
        return changed;
    }

    public static Pauses Read(SqliteSession session)
    {
        var services = new List<string>();
        var rows = session.Use(List);
        while (rows.Step()) services.Add(rows.Text(0));
        var all = services.Remove(Pauses.Everything);
        return new Pauses(services, all);
    }
}
