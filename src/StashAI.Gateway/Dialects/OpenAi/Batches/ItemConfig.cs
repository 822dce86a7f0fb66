using System.Text.Json;

namespace StashAI.Gateway.Dialects.OpenAi.Batches;

/// <summary>
/// The <c>config</c> of a line whose body is an item of a declared service. It is that of the job, so all lines have the same.
/// </summary>
internal static class ItemConfig
{
    public const string Field = "config";

    /// <summary>What a batch has of its own.</summary>
    private static readonly string[] OfBatch = ["priority", "batch_size", "max_parallel", "deadline", "start_at", "cache"];

    /// <summary>Reports what is wrong with it.</summary>
    public static void Check(JsonElement root, LineErrors errors, long line)
    {
        if (!root.TryGetProperty(Field, out var config) || config.ValueKind == JsonValueKind.Null) return;
        if (config.ValueKind != JsonValueKind.Object)
        {
            errors.Add("invalid_parameter", "config must be an object.", Field, line);
            return;
        }

        foreach (var name in OfBatch.Where(name => config.TryGetProperty(name, out _)))
        {
            errors.Add(
                "unsupported_parameter",
                $"config.{name} belongs to the whole batch: use completion_window, priority, concurrency and cache of POST /v1/batches.",
                $"{Field}.{name}", line);
        }
    }

    /// <summary>True if two are the same; undefined for none.</summary>
    public static bool AreSame(JsonElement one, JsonElement other) => one.ValueKind == other.ValueKind
        && (one.ValueKind == JsonValueKind.Undefined || JsonElement.DeepEquals(one, other));
}
