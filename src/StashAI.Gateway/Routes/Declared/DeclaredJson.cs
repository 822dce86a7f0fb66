using System.Text.Json;
using StashAI.Adapters.Http.Declarations;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Queue;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Declared;

/// <summary>Describes a service and its operations to clients.</summary>
internal static class DeclaredJson
{
    public static Task WriteAsync(HttpContext context, ServiceEntry entry) =>
        WireJson.WriteAsync(context, StatusCodes.Status200OK, json => Write(json, entry));

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
            json.WriteNumber("timeout_seconds", manifest.AttemptTimeoutOf(operation.Operation.TaskType).TotalSeconds);
            JobCost.WritePrice(json, DeclaredCost.ItemKey, operation.Cost?.PerItem);
            json.WritePropertyName(DeclaredCost.TokensKey);
            if (operation.Cost?.Tokens is { } tokens) tokens.Write(json);
            else json.WriteNullValue();
            json.WritePropertyName("item_schema");
            SchemaJson.Write(json, operation.Item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
