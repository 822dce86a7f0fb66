using System.Text.Json;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Visage;

/// <summary>Writes a result of Visage: the unchanged answer, and figures from it.</summary>
internal static class VisageResultJson
{
    public static void Write(Utf8JsonWriter json, JobView job, TaskView task, VisageRequestFields request)
    {
        var figures = VisageFigures.Read(task.Output);
        var id = TaskKey.TaskId(job.JobId, task.Ordinal);
        json.WriteStartObject();
        // A task has at most one result, so both have the same id.
        json.WriteString("result_id", id);
        json.WriteString("task_id", id);
        json.WriteString("job_id", job.JobId);
        json.WriteNumber("batch_index", task.Ordinal);
        ItemNames.Write(json, task);
        request.Write(json, task.Input);
        json.WriteNumber("faces_detected", figures.Faces);
        json.WriteNumber("total_matches", figures.Matches);
        json.WriteNumberOrNull("max_confidence", figures.MaxConfidence);
        json.WriteNumberOrNull("min_confidence", figures.MinConfidence);
        json.WriteRaw("raw_visage_output", task.Output);
        json.WriteNumberOrNull("processing_time_ms", task.ProcessingMs);
        json.WriteNumberOrNull("api_response_time_ms", task.ProcessingMs);
        json.WriteString("processing_successful", task.State == TaskState.Completed ? "true" : "false");
        json.WriteString("error_kind", task.ErrorKind == ErrorKind.None ? null : ErrorWords.Of(task.ErrorKind));
        json.WriteString("error_details", task.State == TaskState.Failed ? task.ErrorMessage : null);
        json.WriteTime("created_at", task.FinishedAt);
        json.WriteTime("updated_at", task.FinishedAt);
        json.WriteEndObject();
    }
}
