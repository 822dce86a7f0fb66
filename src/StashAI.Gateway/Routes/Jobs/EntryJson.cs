using System.Text.Json;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary>Jobs and tasks as <c>/api/jobs</c> and <c>/api/tasks</c> show them.</summary>
internal static class EntryJson
{
    public static void WriteJob(Utf8JsonWriter json, JobView job, Operations operations, JobPace pace)
    {
        json.WriteString("id", job.JobId);
        json.WriteString("service", job.Service);
        json.WriteString("operation", operations.NameOf(job.Service, job.TaskType));
        json.WriteString("name", job.Name);
        json.WriteStartArray("tags");
        foreach (var tag in job.Tags) json.WriteStringValue(tag);
        json.WriteEndArray();
        json.WriteString("owner", job.Owner);
        if (job.SourceJob is { } source) json.WriteString("source_job", source);
        else json.WriteNull("source_job");
        json.WriteString("state", DialectWords.State(job.State));
        json.WriteBoolean("paused", job.IsPaused);
        json.WriteTime("paused_until", job.PausedUntil);
        json.WriteNumber("priority", job.Priority);
        json.WriteNumberOrNull("max_parallel", job.MaxParallel == int.MaxValue ? null : job.MaxParallel);
        json.WriteNumber("max_attempts", job.MaxAttempts);
        json.WriteString("cache", CacheWords.Of(job.Cache));
        var counters = job.Counters;
        json.WriteStartObject("tasks");
        json.WriteNumber("total", counters.Total);
        json.WriteNumber("available", counters.Available);
        json.WriteNumber("scheduled", counters.Scheduled);
        json.WriteNumber("running", counters.Running);
        json.WriteNumber("completed", counters.Completed);
        json.WriteNumber("failed", counters.Failed);
        json.WriteNumber("cancelled", counters.Cancelled);
        json.WriteNumber("cached", counters.Cached);
        json.WriteEndObject();
        json.WriteNumber("progress_percentage", counters.ProgressPercentage);
        json.WriteNumber("processed_percentage", counters.ProcessedPercentage);
        json.WriteNumber("version", job.Version);
        json.WriteString("user_id", job.UserId);
        json.WriteString("session_id", job.SessionId);
        JobCost.Write(json, job);
        json.WriteTime("created_at", job.CreatedAt);
        json.WriteTime("start_at", job.StartAt);
        json.WriteTime("deadline_at", job.Deadline);
        json.WriteTime("started_at", job.StartedAt);
        json.WriteTime("finished_at", job.FinishedAt);
        json.WriteTime("updated_at", job.UpdatedAt);
        json.WriteNumberOrNull("tasks_per_second", pace.PerSecond);
        EtaJson.Write(json, pace.Eta);
    }

    public static void WriteTask(Utf8JsonWriter json, JobView job, TaskView task, Operations operations)
    {
        json.WriteString("id", TaskKey.TaskId(job.JobId, task.Ordinal));
        json.WriteString("job_id", job.JobId);
        json.WriteString("job_name", job.Name);
        json.WriteNumber("index", task.Ordinal);
        ItemNames.Write(json, task);
        ItemTexts.Write(json, task);
        json.WriteString("service", job.Service);
        json.WriteString("operation", operations.NameOf(job.Service, job.TaskType));
        json.WriteString("state", DialectWords.State(task.State));
        json.WriteNumber("version", task.Version);
        json.WriteNumber("attempt", task.Attempt);
        json.WriteNumber("max_attempts", job.MaxAttempts);
        json.WriteBoolean("cancel_requested", task.CancelRequested);
        json.WriteBoolean("cached", task.IsCached);
        JobCost.WritePrice(json, "cost", JobCost.Of(task));
        json.WriteString("error_kind", task.ErrorKind == ErrorKind.None ? null : ErrorWords.Of(task.ErrorKind));
        json.WriteString("error_message", task.ErrorMessage);
        json.WriteNumberOrNull("processing_ms", task.ProcessingMs);
        json.WriteTime("due_at", task.DueAt);
        json.WriteTime("started_at", task.StartedAt);
        json.WriteTime("finished_at", task.FinishedAt);
    }

    /// <summary>Ends a page: where the next begins, and how many entries there are in all.</summary>
    public static void WriteEnd(Utf8JsonWriter json, string? next, long total, bool isExact)
    {
        json.WriteString("next", next);
        json.WriteNumber("total", total);
        json.WriteBoolean("total_is_exact", isExact);
    }
}
