using System.Text.Json;
using StashAI.Adapters.Http.Schemas;

namespace StashAI.Gateway.Dialects.OpenAi.Batches;

/// <summary>
/// The <c>config</c> of a line whose body is an item of a declared service. It is that of the job, so all lines have the same.
/// </summary>
internal static class ItemConfig
{
    public const string Field = "config";

    /// <summary>What a batch has of its own.</summary>
    private static readonly string[] OfBatch = ["priority", "batch_size", "max_parallel", "deadline", "start_at", "cache"];

    /// <summary>The configuration of a line; undefined for none. Null, with errors, for one that no job can have.</summary>
    public static JsonElement? Check(JsonElement root, LineErrors errors, long line)
    {
        if (!root.TryGetProperty(Field, out var config) || config.ValueKind == JsonValueKind.Null) return default(JsonElement);
        if (config.ValueKind != JsonValueKind.Object)
        {
            errors.Add("invalid_parameter", "config must be an object.", Field, line);
            return null;
        }

        if (HalfPair.Find(config, Field) is { } field)
        {
            errors.Add("invalid_parameter", HalfPair.ReasonOf(Excerpt.Of(field)), Excerpt.Of(field), line);
            return null;
        }

        foreach (var name in OfBatch.Where(name => config.TryGetProperty(name, out _)))
        {
            errors.Add(
                "unsupported_parameter",
                $"config.{name} belongs to the whole batch: use completion_window, priority, concurrency and cache of POST /v1/batches.",
                $"{Field}.{name}", line);
        }

        return config;
    }

    /// <summary>True if two are the same; undefined for none.</summary>
    public static bool AreSame(JsonElement one, JsonElement other) => one.ValueKind == other.ValueKind
        && (one.ValueKind == JsonValueKind.Undefined || JsonElement.DeepEquals(one, other));
}
