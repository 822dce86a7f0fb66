using System.Text.Json.Nodes;

namespace StashAI.Gateway.Pages.OpenApi;

/// <summary>
/// Makes JSON schemas from examples. A field that is null in an example may be anything; those that are null at other times stand in
/// <see cref="CanBeNull"/>; and what a service or a client put in is not ours to describe.
/// </summary>
internal static class ExampleSchema
{
    /// <summary>Fields that are null while there is nothing to say.</summary>
    public static IReadOnlySet<string> CanBeNull { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "aggregate_results", "answer_head", "api_response_time_ms", "api_url", "estimated_cost", "asked_again_at", "blocked_until", "completed_at", "deadline_at", "end_time", "error_kind",
        "error_message", "error_summary", "estimated_completion", "eta_at", "eta_p90_seconds", "eta_seconds", "finished_at", "health_path", "http_status", "job_config", "output_url", "total_count",
        "max_confidence", "max_running", "min_confidence", "model_version", "next_before_id", "oldest_pending_seconds", "output_json", "page_path",
        "processing_time_ms", "rate_burst", "rate_per_second", "raw_visage_output", "results_next_offset", "scheduled_for", "session_id", "started_at",
        "task_ids", "total_processing_time_ms", "user_id", "element_id", "element_type", "visage_api_url", "visage_result", "next_try_at", "waiting",
    };

    /// <summary>What is inside comes from services and clients.</summary>
    public static IReadOnlySet<string> Foreign { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "output_json", "raw_visage_output", "job_config", "input_data", "metadata", "aggregate_results", "adapters", "example", "fields",
    };

    public static JsonObject Of(JsonNode? example, string name = "") => example switch
    {
        JsonObject when Foreign.Contains(name) => Typed("object", name),
        JsonObject fields => Object(fields, name),
        JsonArray items => Array(items, name),
        JsonValue value => Value(value, name),
        _ => [],
    };

    private static JsonObject Object(JsonObject fields, string name)
    {
        var schema = Typed("object", name);
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var (field, value) in fields)
        {
            properties[field] = Of(value, field);
            required.Add((JsonNode)field);
        }

        schema["properties"] = properties;
        schema["required"] = required;
        return schema;
    }

    private static JsonObject Array(JsonArray items, string name)
    {
        var schema = Typed("array", name);
        if (items.Count > 0) schema["items"] = Of(items[0]);
        return schema;
    }

    private static JsonObject Value(JsonValue value, string name) => value.GetValueKind() switch
    {
        System.Text.Json.JsonValueKind.String => Text(value.GetValue<string>(), name),
        System.Text.Json.JsonValueKind.Number => Typed("number", name),
        _ => Typed("boolean", name),
    };

    private static JsonObject Text(string value, string name)
    {
        var schema = Typed("string", name);
        if (Guid.TryParseExact(value, "D", out _)) schema["format"] = "uuid";
        else if (value is [_, _, _, _, '-', _, _, '-', _, _, 'T', ..]) schema["format"] = "date-time";
        return schema;
    }

    private static JsonObject Typed(string type, string name) =>
        new() { ["type"] = CanBeNull.Contains(name) ? new JsonArray(type, "null") : type };
}
