using System.Globalization;

namespace StashAI.Client.Models;

/// <summary>Which tasks to list. All conditions must hold; an empty query means all tasks of all jobs.</summary>
public sealed record TaskQuery
{
    /// <summary>The job; null for all jobs.</summary>
    public Guid? JobId { get; init; }

    /// <summary>The states to list; empty for all.</summary>
    public IReadOnlyList<TaskState> States { get; init; } = [];

    /// <summary>The name of the service; null for all. Without <see cref="JobId"/> only.</summary>
    public string? Service { get; init; }

    /// <summary>Only failed tasks of this group; null for all.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Only tasks that were tried at least so often; null for all.</summary>
    public int? MinAttempts { get; init; }

    /// <summary>A part of the task's input or its error, in upper or lower case. It needs <see cref="JobId"/>.</summary>
    public string? Text { get; init; }

    /// <summary>How many tasks one request reads, 1 to 1,000. The default is 100.</summary>
    public int PageSize { get; init; } = 100;

    /// <summary>
    /// The query of <c>GET /api/tasks</c>, or of <c>GET /api/jobs/{id}/tasks</c> with <see cref="JobId"/>: without a question mark and
    /// without <see cref="PageSize"/>; empty for all tasks.
    /// </summary>
    public string ToQueryString() =>
        string.Join('&', Parameters().Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}"));

    /// <summary>The query in the names of the API, without what is not given.</summary>
    internal IEnumerable<(string Name, string? Value)> Parameters()
    {
        (string Name, string? Value)[] all =
        [
            ("state", string.Join(',', States.Select(WordConverter<TaskState>.WordOf))), ("fingerprint", Fingerprint),
            ("attempts_min", MinAttempts?.ToString(CultureInfo.InvariantCulture)),
            JobId is null ? ("service", Service) : ("text", Text),
        ];
        return all.Where(one => !string.IsNullOrEmpty(one.Value));
    }
}
