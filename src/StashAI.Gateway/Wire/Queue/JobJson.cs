using System.Buffers;
using System.Text.Json;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Secrets;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Wire.Queue;

/// <summary>Writes the fields of a job, the same for all routes.</summary>
internal static class JobJson
{
    /// <summary>The most task ids in an answer; a longer list is null, because the ids can be read in pages.</summary>
    public const int MaxTaskIds = 1000;

    /// <summary>
    /// The largest configuration, in bytes, that a list of jobs shows in full; of larger ones, it shows only small values.
    /// </summary>
    private const int MaxListedConfig = 4096;

    private const int MaxListedValue = 512;

    public static void WriteFields(Utf8JsonWriter json, JobView job, HttpRequest? request) =>
        WriteFields(json, job, request, SecretVault.Hide(job.Config));

    /// <summary>The same in a list, where a large configuration is shortened: a thousand of them would make the answer explode.</summary>
    public static void WriteListed(Utf8JsonWriter json, JobView job, HttpRequest? request)
    {
        var config = SecretVault.Hide(job.Config);
        var isShortened = config.Length > MaxListedConfig;
        WriteFields(json, job, request, isShortened ? Shortened(config) : config);
        if (isShortened) json.WriteBoolean("job_config_shortened", true);
    }

    private static void WriteFields(Utf8JsonWriter json, JobView job, HttpRequest? request, ReadOnlyMemory<byte> config)
    {
        WriteProgress(json, job);
        json.WriteString("job_name", job.Name);
        json.WriteRaw("job_config", config);
        JobCost.Write(json, job);
        AggregateJson.Write(json, job, request);
        WriteErrors(json, job.Errors);
        json.WriteNumberOrNull(
            "total_processing_time_ms", JobStateMachine.IsTerminal(job.State) ? job.ProcessingTime.TotalMilliseconds : null);
        json.WriteString("cache", CacheWords.Of(job.Cache));
        json.WriteNumber("priority", job.Priority);
        json.WriteBoolean("paused", job.IsPaused);
        json.WriteTime("paused_until", job.PausedUntil);
        json.WriteString("user_id", job.UserId);
        json.WriteString("session_id", job.SessionId);
        json.WriteTime("created_at", job.CreatedAt);
        json.WriteTime("scheduled_for", job.StartAt);
        json.WriteTime("deadline_at", job.Deadline);
        json.WriteTime("started_at", job.StartedAt);
        json.WriteTime("completed_at", job.FinishedAt);
        json.WriteTime("updated_at", job.UpdatedAt);
    }

    /// <summary>Writes the fields that change while it runs.</summary>
    public static void WriteProgress(Utf8JsonWriter json, JobView job)
    {
        var counters = job.Counters;
        json.WriteString("job_id", job.JobId);
        json.WriteString("adapter_name", job.Service);
        json.WriteString("job_type", job.JobType);
        json.WriteString("status", DialectWords.Status(job.State));
        json.WriteString("state", job is { State: JobState.Pending, StartsLater: true } ? "scheduled" : DialectWords.State(job.State));
        json.WriteNumber("version", job.Version);
        json.WriteNumber("total_tasks", counters.Total);
        json.WriteNumber("pending_tasks", counters.Available + counters.Scheduled);
        json.WriteNumber("running_tasks", counters.Running);
        json.WriteNumber("completed_tasks", counters.Completed);
        json.WriteNumber("cached_tasks", counters.Cached);
        json.WriteNumber("failed_tasks", counters.Failed);
        json.WriteNumber("cancelled_tasks", counters.Cancelled);
        json.WriteNumber("progress_percentage", counters.ProgressPercentage);
        json.WriteNumber("processed_percentage", counters.ProcessedPercentage);
    }

    public static void WriteTaskIds(Utf8JsonWriter json, Guid jobId, int total)
    {
        if (total > MaxTaskIds)
        {
            json.WriteNull("task_ids");
            return;
        }

        json.WriteStartArray("task_ids");
        for (var i = 0; i < total; i++) json.WriteStringValue(TaskKey.TaskId(jobId, i));
        json.WriteEndArray();
    }

    private static byte[] Shortened(ReadOnlyMemory<byte> config)
    {
        using var document = JsonDocument.Parse(config);
        var buffer = new ArrayBufferWriter<byte>(MaxListedConfig);
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            if (document.RootElement.ValueKind == JsonValueKind.Object) WriteSmall(json, document.RootElement);
            else json.WriteNullValue();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteSmall(Utf8JsonWriter json, JsonElement values)
    {
        json.WriteStartObject();
        foreach (var property in values.EnumerateObject())
        {
            if (json.BytesCommitted + json.BytesPending > MaxListedConfig) break;
            if (property.Value.GetRawText().Length <= MaxListedValue)
            {
                property.WriteTo(json);
            }
            else if (property.Value.ValueKind == JsonValueKind.Object)
            {
                json.WritePropertyName(property.Name);
                WriteSmall(json, property.Value);
            }
        }

        json.WriteEndObject();
    }

    public static void WriteErrors(Utf8JsonWriter json, IReadOnlyList<JobErrors> errors)
    {
        if (errors.Count == 0)
        {
            json.WriteNull("error_summary");
            return;
        }

        json.WriteStartArray("error_summary");
        foreach (var error in errors)
        {
            json.WriteStartObject();
            json.WriteString("error_kind", ErrorWords.Of(error.Kind));
            json.WriteNumber("count", error.Count);
            json.WriteString("example", error.Example);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
