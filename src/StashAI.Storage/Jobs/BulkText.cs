using System.Globalization;
using System.Text.Json;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Storage.Jobs;

/// <summary>What a bulk operation keeps as text: the query, and the keys of the jobs that are worked on.</summary>
internal static class BulkText
{
    private static readonly JsonSerializerOptions Options = new() { IncludeFields = true, IgnoreReadOnlyProperties = true };

    public static string Of(JobQuery query) => JsonSerializer.Serialize(query with { After = null }, Options);

    /// <summary>The query of a text; null for one that this version cannot read.</summary>
    public static JobQuery? Query(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<JobQuery>(text, Options);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            return null;
        }
    }

    public static string Of(IReadOnlyList<long> keys) => string.Join(',', keys);

    public static IReadOnlyList<long> Keys(string text) =>
        [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(key => long.Parse(key, CultureInfo.InvariantCulture))];
}
