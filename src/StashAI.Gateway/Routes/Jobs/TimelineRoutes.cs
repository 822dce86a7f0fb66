using System.Text.Json;
using StashAI.Gateway.Access;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Policies;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary><c>GET /api/jobs/{id}/timeline</c>: what happened to a job over time, from what is kept as it happens.</summary>
internal static class TimelineRoutes
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/jobs/{id}/timeline", ShowAsync).Describe(JobDocs.Timeline).Needs(ApiScope.Read);

    private static async Task ShowAsync(HttpContext context, IRead store, IMeasure measures, TimeProvider clock, string id)
    {
        var job = await QueueLookup.GetJobAsync(store, id, context.RequestAborted);
        var timeline = await measures.ReadTimelineAsync(job, context.RequestAborted);
        var origin = job.StartedAt ?? job.FinishedAt ?? job.CreatedAt;
        var width = TimelineSteps.WidthAt((long)((job.FinishedAt ?? clock.GetUtcNow()) - origin).TotalSeconds);
        // A retry may have ended later than the job did before.
        if (timeline.Steps.Count > 0) width = Math.Max(width, TimelineSteps.WidthAt(timeline.Steps[^1].Start));
        var steps = TimelineSteps.Combine(timeline.Steps.Count == 0 ? StepsOf(job, origin) : timeline.Steps, width);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("job_id", job.JobId);
            json.WriteTime("created_at", job.CreatedAt);
            json.WriteTime("started_at", job.StartedAt);
            json.WriteTime("ended_at", job.FinishedAt);
            json.WriteStartArray("events");
            WriteEvents(json, job, timeline.Events);
            json.WriteEndArray();
            json.WriteNumber("step_seconds", width);
            json.WriteStartArray("steps");
            foreach (var step in steps)
            {
                json.WriteStartObject();
                json.WriteTime("at", origin.AddSeconds(step.Start));
                json.WriteNumber("completed", step.Completed);
                json.WriteNumber("failed", step.Failed);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    /// <summary>A single task has no steps of its own: its job's row says it all.</summary>
    private static List<TimelineStep> StepsOf(JobView job, DateTimeOffset origin) =>
        job is { IsSingleTask: true, FinishedAt: { } end } && job.Counters is var counters && counters.Completed + counters.Failed > 0
            ? [new TimelineStep(Math.Max(0, (long)(end - origin).TotalSeconds), counters.Completed, counters.Failed)]
            : [];

    private static void WriteEvents(Utf8JsonWriter json, JobView job, IReadOnlyList<TimelineEntry> events)
    {
        var all = events.Select(one => (At: one.At, Word: Word(one))).Append((At: job.CreatedAt, Word: "created"));
        if (job.StartedAt is { } start) all = all.Append((At: start, Word: "started"));
        if (job.FinishedAt is { } end) all = all.Append((At: end, Word: "ended"));
        foreach (var (at, word) in all.OrderBy(one => one.At))
        {
            json.WriteStartObject();
            json.WriteTime("at", at);
            json.WriteString("event", word);
            json.WriteEndObject();
        }
    }

    private static string Word(TimelineEntry entry) => (entry.Event, entry.IsOfJob) switch
    {
        (TimelineEvent.Paused, true) => "paused",
        (TimelineEvent.Resumed, true) => "resumed",
        (TimelineEvent.Paused, false) => "service_paused",
        (TimelineEvent.Resumed, false) => "service_resumed",
        (TimelineEvent.Parked, _) => "parked",
        _ => "unparked",
    };
}
