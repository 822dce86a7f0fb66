using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Jobs;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Reading;

/// <summary>Reads what happened to a job over time.</summary>
internal static class PostgresTimelineList
{
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
