using System.Text.Json;
using StashAI.Gateway.Wire.Json;
using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Rematches;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary>A rematch of a job as the API shows it.</summary>
internal static class RematchJson
{
    /// <summary>The state of work on a job that nobody asked for yet.</summary>
    public const string None = "none";

    /// <param name="json">Gets the rematch.</param>
    /// <param name="job">The job.</param>
    /// <param name="progress">How far it is; null before its first step.</param>
    /// <param name="bulk">The operation that does it; null for one that was removed. With neither the job was never judged again.</param>
    public static void Write(Utf8JsonWriter json, JobView job, RematchProgress? progress, BulkOperation? bulk)
    {
        json.WriteStartObject();
        json.WriteString("job_id", job.JobId);
        json.WriteString("state", StateOf(progress, bulk));
        json.WriteNumberOrNull("threshold", progress?.Threshold ?? bulk?.Threshold);
        json.WriteNumber("total", progress?.Completed ?? job.Counters.Completed);
        json.WriteNumber("done", progress?.Done ?? 0);
        json.WriteNumber("judged", progress?.Judged ?? 0);
        json.WriteNumber("changed", progress?.Changed ?? 0);
        json.WriteNumberOrNull("gallery_version", progress?.Version);
        json.WriteTime("started_at", progress?.StartedAt);
        json.WriteTime("updated_at", progress?.UpdatedAt);
        json.WriteString("error", progress is { IsOver: true } ? null : bulk?.Error);
        if (bulk is null) json.WriteNull("bulk");
        else json.WriteString("bulk", bulk.Id);
        json.WriteEndObject();
    }

    private static string StateOf(RematchProgress? progress, BulkOperation? bulk) =>
        (progress, bulk) is (null, null) ? None : progress is { IsOver: true } ? "completed" : WordOf(bulk);

    /// <summary>The state of work on a job that is not over, by its operation; null for one that was removed.</summary>
    public static string WordOf(BulkOperation? bulk) => bulk?.State switch
    {
        BulkState.Running => "running",
        BulkState.Stopped => "stopped",
        _ => "failed",
    };
}
