using StashAI.Queue.Model.Figures;
using StashAI.Queue.Policies;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Units;

/// <summary>What happened to jobs over time: counts, written with the outcomes, and pauses and outages.</summary>
internal static class SqliteTimelines
{
    /// <summary>Removes what is noted of a job.</summary>
    public const string RemoveSteps = "DELETE FROM job_steps WHERE job_id = ?1";

    /// <inheritdoc cref="RemoveSteps"/>
    public const string RemoveEvents = "DELETE FROM timeline_events WHERE kind = 0 /* jobs */ AND subject_id = ?1";

    /// <summary>Removes what was noted of lanes ninety days ago.</summary>
    public const string RemoveOld = "DELETE FROM timeline_events WHERE kind = 1 /* lanes */ AND at < stashai_now() - 7776000000";

    private const string AddStep = """
        INSERT INTO job_steps (job_id, at, completed, failed) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT DO UPDATE SET completed = completed + excluded.completed, failed = failed + excluded.failed
        """;

    private const string AddEvent = """
        INSERT INTO timeline_events (kind, subject_id, at, event) VALUES (?1, ?2, stashai_now(), ?3) ON CONFLICT DO NOTHING
        """;

    private const string AddToLanes = """
        INSERT INTO timeline_events (kind, subject_id, at, event)
        SELECT 1, id, stashai_now(), ?3 FROM lanes WHERE service = ?1 OR ?2 ON CONFLICT DO NOTHING
        """;

    /// <summary>Counts tasks that ended now.</summary>
    public static void Count(SqliteSession session, long jobKey, long startedAt, long now, int completed, int failed) =>
        session.Use(AddStep).Bind(1, jobKey).Bind(2, TimelineSteps.StartOf(startedAt, now)).Bind(3, completed).Bind(4, failed).Run();

    public static void NoteJob(SqliteSession session, long jobKey, TimelineEvent happened) =>
        session.Use(AddEvent).Bind(1, 0).Bind(2, jobKey).Bind(3, (int)happened).Run();

    public static void NoteLane(SqliteSession session, long laneKey, TimelineEvent happened) =>
        session.Use(AddEvent).Bind(1, 1).Bind(2, laneKey).Bind(3, (int)happened).Run();

    /// <summary>Notes something of all lanes of a service, or of all services.</summary>
    public static void NoteService(SqliteSession session, string service, bool isAll, TimelineEvent happened) =>
        session.Use(AddToLanes).Bind(1, service).Bind(2, isAll ? 1 : 0).Bind(3, (int)happened).Run();
}
