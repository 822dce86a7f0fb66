using System.Text.Json;
using StashAI.Gateway.Wire.Json;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Sdk;

namespace StashAI.Gateway.Wire.Queue;

/// <summary>Writes the fields of a task, the same for all routes.</summary>
internal static class TaskJson
{
    public static void WriteFields(Utf8JsonWriter json, JobView job, TaskView task, Dialect dialect)
    {
        WriteState(json, job, task, dialect);
        json.WriteNumber("batch_index", task.Ordinal);
        json.WriteString("error_kind", task.ErrorKind == ErrorKind.None ? null : ErrorWords.Of(task.ErrorKind));
        json.WriteNumber("retry_count", Math.Max(0, task.Attempt - 1));
        json.WriteNumber("max_retries", job.MaxAttempts - 1);
        json.WriteBoolean("cancel_requested", task.CancelRequested);
        json.WriteTime("created_at", job.CreatedAt);
        json.WriteTime("started_at", task.StartedAt);
        json.WriteTime("finished_at", task.FinishedAt);
        json.WriteTime("scheduled_for", task.DueAt);
    }

    /// <summary>Writes the fields that change while it runs.</summary>
    public static void WriteState(Utf8JsonWriter json, JobView job, TaskView task, Dialect dialect)
    {
        json.WriteString("task_id", TaskKey.TaskId(job.JobId, task.Ordinal));
        json.WriteString("job_id", job.JobId);
        json.WriteString("adapter_name", job.Service);
        json.WriteString("task_type", job.TaskType);
        json.WriteString("status", DialectWords.Status(task.State, dialect));
        json.WriteString("state", DialectWords.State(task.State));
        json.WriteNumber("version", task.Version);
        json.WriteNumberOrNull("processing_time_ms", task.ProcessingMs);
        json.WriteString("error_message", task.ErrorMessage);
        json.WriteStartObject("progress");
        json.WriteNumber("percent", TaskStateMachine.IsTerminal(task.State) ? 100 : 0);
        json.WriteNumber("attempt", Math.Max(1, task.Attempt));
        json.WriteNumber("max_attempts", job.MaxAttempts);
        json.WriteString("stage", Stage(task));
        json.WriteEndObject();
        ItemNames.Write(json, task);
    }

    private static string Stage(TaskView task) => task.State switch
    {
        TaskState.Available => "waiting",
        TaskState.Scheduled => task.StartedAt is null ? "waiting_to_start" : "waiting_to_retry",
        TaskState.Running => "calling_upstream",
        _ => "done",
    };
}
