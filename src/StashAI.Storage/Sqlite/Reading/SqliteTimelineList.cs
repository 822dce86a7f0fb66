using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Jobs;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Reading;

/// <summary>Reads what happened to a job over time.</summary>
internal static class SqliteTimelineList
{
    private const string Steps = "SELECT at, completed, failed FROM job_steps WHERE job_id = ?1 ORDER BY at";

    private const string Events = """
        SELECT at, event FROM timeline_events WHERE kind = ?1 AND subject_id = ?2 AND at >= ?3 AND at <= ?4 ORDER BY at DESC LIMIT ?5
        """;

    private const string Lane = "SELECT lane_id FROM queue_jobs WHERE id = ?1";

    public static JobTimeline Read(SqliteSession session, JobView job)
    {
        var steps = new List<TimelineStep>();
        var row = session.Use(Steps).Bind(1, job.Key);
        while (row.Step()) steps.Add(new TimelineStep(row.Int64(0), row.Int32(1), row.Int32(2)));
        var lane = session.Use(Lane).Bind(1, job.Key).Scalar() ?? 0;
        var events = Read(session, 0, job.Key, job).Concat(Read(session, 1, lane, job)).OrderBy(one => one.At).ToList();
        return new JobTimeline([.. events.TakeLast(JobTimeline.MaxEvents)], steps);
    }

    private static List<TimelineEntry> Read(SqliteSession session, int kind, long subject, JobView job)
    {
        var events = new List<TimelineEntry>();
        var row = session.Use(Events).Bind(1, kind).Bind(2, subject).Bind(3, job.CreatedAt.ToUnixTimeMilliseconds())
            .Bind(4, job.FinishedAt?.ToUnixTimeMilliseconds() ?? long.MaxValue).Bind(5, JobTimeline.MaxEvents);
        while (row.Step())
        {
            events.Add(new TimelineEntry(
                DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(0)), (TimelineEvent)row.Int32(1), kind == 0));
        }

        return events;
    }
}
