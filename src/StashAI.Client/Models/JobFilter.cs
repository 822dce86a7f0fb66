using System.Globalization;

namespace StashAI.Client.Models;

/// <summary>Which jobs are meant. All conditions must hold; an empty filter means all jobs.</summary>
public record JobFilter
{
    /// <summary>The states; empty for all.</summary>
    public IReadOnlyList<JobState> States { get; init; } = [];

    /// <summary>True for paused jobs, false for the others; null for all.</summary>
    public bool? Paused { get; init; }

    /// <summary>The name of the service; null for all.</summary>
    public string? Service { get; init; }

    /// <summary>The name of the operation; null for all.</summary>
    public string? Operation { get; init; }

    /// <summary>A part of the job's name, in upper or lower case; null for all.</summary>
    public string? Name { get; init; }

    /// <summary>A tag of the job; null for all.</summary>
    public string? Tag { get; init; }

    /// <summary>The name of the API key that submitted the job; null for all.</summary>
    public string? Owner { get; init; }

    /// <summary>Only jobs with failed tasks of this kind (<c>timeout</c>), with this fingerprint, or with this in a message.</summary>
    public string? Error { get; init; }

    /// <summary>The user that the submit named; null for all.</summary>
    public string? UserId { get; init; }

    /// <summary>The session that the submit named; null for all.</summary>
    public string? SessionId { get; init; }

    /// <summary>Only jobs that were submitted after this time.</summary>
    public DateTimeOffset? CreatedAfter { get; init; }

    /// <summary>Only jobs that were submitted before this time.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>The beginning of the job's id, hexadecimal digits and hyphens; null for all.</summary>
    public string? IdPrefix { get; init; }

    /// <summary>The filter as the query of <c>GET /api/jobs</c>, without a question mark; empty for all jobs.</summary>
    public string ToQueryString() =>
        string.Join('&', Parameters().Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}"));

    /// <summary>The filter in the names of the API, without what is not given.</summary>
    internal IEnumerable<(string Name, string? Value)> Parameters()
    {
        // A job that starts later is pending in the words of the filter.
        var states = States.Select(state => state == JobState.Scheduled ? JobState.Pending : state).Distinct()
            .Select(WordConverter<JobState>.WordOf);
        (string Name, string? Value)[] all =
        [
            ("state", string.Join(',', states)), ("paused", Paused is { } paused ? paused ? "true" : "false" : null),
            ("service", Service), ("operation", Operation), ("name", Name), ("user_id", UserId), ("session_id", SessionId), ("tag", Tag),
            ("owner", Owner), ("error", Error), ("created_after", Time(CreatedAfter)), ("created_before", Time(CreatedBefore)),
            ("id", IdPrefix),
        ];
        return all.Where(one => !string.IsNullOrEmpty(one.Value));
    }

    private static string? Time(DateTimeOffset? time) =>
        time?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
