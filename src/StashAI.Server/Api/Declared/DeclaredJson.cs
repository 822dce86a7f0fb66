using System.Text.Json;
using StashAI.Adapters.Http.Schemas;
using StashAI.Queue.Model;
using StashAI.Server.Api.Wire;
using StashAI.Server.Services;

namespace StashAI.Server.Api.Declared;

/// <summary>What clients are told of services and of the jobs that they submit to them.</summary>
internal static class DeclaredJson
{
    public static Task WriteAsync(HttpContext context, ServiceEntry entry) =>
        WireJson.WriteAsync(context, StatusCodes.Status200OK, json => Write(json, entry));

    /// <summary>The answer to a submit: the same fields for every service (C-03).</summary>
    public static Task AcknowledgeAsync(
        HttpContext context, ServiceEntry entry, ServiceOperation operation, EnqueuedJob job, DeclaredRequest request, bool isSingle)
    {
        var taskId = TaskKey.TaskId(job.JobId, 0);
        context.Response.Headers.Location = isSingle ? $"/api/queue/task/{taskId}" : $"/api/queue/job/{job.JobId}";
        return WireJson.WriteAsync(context, StatusCodes.Status202Accepted, json =>
        {
            json.WriteStartObject();
            if (isSingle) json.WriteString("task_id", taskId);
            json.WriteString("job_id", job.JobId);
            json.WriteString("status", DialectWords.Accepted);
            json.WriteString("state", DialectWords.State(JobState.Pending));
            json.WriteString("adapter_name", entry.Name);
            json.WriteString("operation", operation.Name);
            json.WriteNumber("total_tasks", job.Total);
            json.WriteNumber("expected_tasks", job.Total);
            json.WriteNull("estimated_completion");
            json.WriteNumberOrNull("estimated_cost", operation.CostPerItem * job.Total);
            JobJson.WriteTaskIds(json, job.JobId, job.Total);
            json.WriteString("api_url", request.Url);
            json.WriteNull("visage_api_url");
            json.WriteNull("coordinator_task_id");
            json.WriteString("message", job.Total == 1 ? "The item is queued." : $"{job.Total} items are queued.");
            json.WriteStartObject("websocket_subscription");
            json.WriteString("type", isSingle ? "subscribe_task" : "subscribe_job");
            json.WriteString(isSingle ? "task_id" : "job_id", isSingle ? taskId : job.JobId);
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    private static void Write(Utf8JsonWriter json, ServiceEntry entry)
    {
        var manifest = entry.Adapter.Manifest;
        json.WriteStartObject();
        json.WriteString("name", entry.Name);
        json.WriteString("description", entry.Description);
        json.WriteNumberOrNull("max_parallel", manifest.MaxRunning);
        json.WriteNumberOrNull("rate_per_second", manifest.Rate?.PerSecond);
        json.WriteNumber("timeout_seconds", manifest.AttemptTimeout.TotalSeconds);
        json.WriteStartArray("required_labels");
        foreach (var label in manifest.RequiredLabels) json.WriteStringValue(label);
        json.WriteEndArray();
        json.WritePropertyName("config_schema");
        SchemaJson.Write(json, entry.Config);
        json.WriteStartArray("operations");
        foreach (var operation in entry.Operations)
        {
            json.WriteStartObject();
            json.WriteString("name", operation.Name);
            json.WriteString("description", operation.Description);
            json.WriteString("task_type", operation.Operation.TaskType);
            json.WriteString("job_type", operation.Operation.JobType);
            json.WriteString("route", $"/api/{entry.Name}/batch/{operation.Name}");
            json.WriteNumberOrNull("cost_per_item", operation.CostPerItem);
            json.WritePropertyName("item_schema");
            SchemaJson.Write(json, operation.Item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
