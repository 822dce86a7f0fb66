using System.Text.Json;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Live.Hub;

/// <summary>Which list a client follows. Equal filters have equal texts, and one computation serves all who follow them.</summary>
/// <param name="Text">The filter in one form.</param>
/// <param name="Query">The jobs; null for the services.</param>
internal sealed record LiveFilter(string Text, JobQuery? Query)
{
    public static LiveFilter Services { get; } = new("services", null);

    public static LiveFilter Jobs(JobQuery query) => new(JsonSerializer.Serialize(Sorted(query), Options), query);

    private static JsonSerializerOptions Options { get; } = new() { IncludeFields = true };

    /// <summary>True when changes of a job can make the filter match, or no longer match.</summary>
    public bool IsChangeable => Query is { } query && Fixed(query) != query;

    /// <summary>The same filter without what can change of a job.</summary>
    public static JobQuery Fixed(JobQuery query) => query with
    {
        States = query.States.Count == 0 ? query.States : [],
        IsPaused = null,
        NamePart = null,
        Tag = null,
        ErrorKind = null,
        Fingerprint = null,
        ErrorPart = null,
    };

    private static JobQuery Sorted(JobQuery query) => query with
    {
        States = [.. query.States.Order()],
        OnlyIds = query.OnlyIds is { } ids ? [.. ids.Order()] : null,
    };

    public bool Equals(LiveFilter? other) => other?.Text == Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
}
