using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Policies;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

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

    private const string AddEvent = """
        INSERT INTO timeline_events (kind, subject_id, at, event) VALUES ($1, $2, stashai_now(), $3)
        ON CONFLICT (kind, subject_id, at, event) DO NOTHING
        """;

    private const string Steps = "SELECT at, completed, failed FROM job_steps WHERE job_id = $1 ORDER BY at";

    private const string EventsOfJob = """
        SELECT at, event FROM timeline_events WHERE kind = 0 /* jobs */ AND subject_id = $1 AND at >= $2 AND at <= $3
        ORDER BY at DESC LIMIT $4
        """;

    private const string EventsOfLane = """
        SELECT at, event FROM timeline_events
        WHERE kind = 1 /* lanes */ AND subject_id = (SELECT lane_id FROM queue_jobs WHERE id = $1) AND at >= $2 AND at <= $3
        ORDER BY at DESC LIMIT $4
        """;

    public static PostgresBatch NoteLane(PostgresBatch batch, long laneKey, TimelineEvent happened) =>
        batch.Add(AddEvent, Value((short)1), Value(laneKey), Value((short)happened));

    public static async Task<JobTimeline> ReadAsync(PostgresSession session, JobView job, CancellationToken cancellationToken)
    {
        var (from, to) = (job.CreatedAt.ToUnixTimeMilliseconds(), job.FinishedAt?.ToUnixTimeMilliseconds() ?? long.MaxValue);
        await using var batch = session.Batch().Add(Steps, Value(job.Key))
            .Add(EventsOfJob, Value(job.Key), Value(from), Value(to), Value(JobTimeline.MaxEvents))
            .Add(EventsOfLane, Value(job.Key), Value(from), Value(to), Value(JobTimeline.MaxEvents));
        await using var rows = await batch.ReadAsync(cancellationToken);
        var steps = new List<TimelineStep>();
        while (await rows.ReadAsync(cancellationToken)) steps.Add(new TimelineStep(rows.GetInt64(0), rows.GetInt32(1), rows.GetInt32(2)));
        var events = new List<TimelineEntry>();
        foreach (var isOfJob in (bool[])[true, false])
        {
            await rows.NextResultAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                events.Add(new TimelineEntry(
                    DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(0)), (TimelineEvent)rows.GetInt16(1), isOfJob));
            }
        }

        return new JobTimeline([.. events.OrderBy(one => one.At).TakeLast(JobTimeline.MaxEvents)], steps);
    }
}
