using StashAI.Queue.Policies;

namespace StashAI.Storage.Postgres.Units;

/// <summary>What happened to jobs over time: counts, written with the outcomes, and pauses and outages.</summary>
internal static class PostgresTimelines
{
    /// <summary>
    /// Counts tasks that ended, at the end of <see cref="PostgresUnit.Move"/>. It reads <c>moved</c>, so that the job's row is locked
    /// before its step (S13). The width of a step is that of <see cref="TimelineSteps"/>: the highest power of two in a 64th of the age.
    /// </summary>
    public const string Count = """
        , stepped AS (
            INSERT INTO job_steps (job_id, at, completed, failed)
            SELECT job, age / width * width, completed, failed FROM (
                SELECT m.id AS job, a.age, e.done AS completed, e.broken AS failed,
                    1::bigint << GREATEST(0, length(ltrim((a.age >> 6)::bit(48)::text, '0')) - 1) AS width
                FROM moved m JOIN (
                    SELECT job, now, started_at, GREATEST(completed, 0) AS done, GREATEST(failed, 0) AS broken FROM ended
                    WHERE single_task = 0 AND (completed > 0 OR failed > 0)) AS e ON e.job = m.id
                CROSS JOIN LATERAL (SELECT GREATEST(0, (e.now - COALESCE(e.started_at, e.now)) / 1000) AS age) AS a) AS s
            ORDER BY 1
            ON CONFLICT (job_id, at) DO UPDATE SET
                completed = job_steps.completed + excluded.completed, failed = job_steps.failed + excluded.failed)
        """;

    /// <summary>Removes what was noted of lanes ninety days ago.</summary>
    public const string RemoveOld = "DELETE FROM timeline_events WHERE kind = 1 /* lanes */ AND at < stashai_now() - 7776000000";

    /// <summary>Follows <c>changed (id)</c>: jobs of which something is noted. $3: the event.</summary>
    public const string NoteChanged = """
        , noted AS (
            INSERT INTO timeline_events (kind, subject_id, at, event) SELECT 0, id, stashai_now(), $3 FROM changed
            ON CONFLICT (kind, subject_id, at, event) DO NOTHING)
        """;

    /// <summary>
    /// Follows <c>changed</c>: notes something of all lanes of a service if it has rows. $1: the service, $2: true for all services, $3:
    /// the event.
    /// </summary>
    public const string NoteOfService = """
        , noted AS (
            INSERT INTO timeline_events (kind, subject_id, at, event)
            SELECT 1, id, stashai_now(), $3 FROM lanes WHERE (service = $1 OR $2) AND EXISTS (SELECT 1 FROM changed) ORDER BY id
            ON CONFLICT (kind, subject_id, at, event) DO NOTHING)
        """;

    /// <summary>$1: 0 for a job, 1 for a lane; $2: which, $3: the event.</summary>
    public const string AddEvent = """
        INSERT INTO timeline_events (kind, subject_id, at, event) VALUES ($1, $2, stashai_now(), $3)
        ON CONFLICT (kind, subject_id, at, event) DO NOTHING
        """;
}
