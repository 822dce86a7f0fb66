namespace StashAI.Client.Models;

/// <summary>A page of jobs as the server sends it.</summary>
internal sealed record JobPage(IReadOnlyList<Job> Jobs, bool HasMore);

/// <summary>A page of tasks as the server sends it.</summary>
internal sealed record TaskPage(IReadOnlyList<JobTask> Tasks, bool HasMore);

/// <summary>All services as the server sends them.</summary>
internal sealed record ServicePage(IReadOnlyList<Service> Services);

/// <summary>A live message.</summary>
internal sealed record LiveMessage(string Type, string? Message);

/// <summary>An error as RFC 9457 describes it.</summary>
internal sealed record WireProblem
{
    public string? Type { get; init; }

    public string? Title { get; init; }

    public string? Detail { get; init; }

    public string? Setting { get; init; }

    public string? TraceId { get; init; }

    public IReadOnlyList<WireProblemError>? Errors { get; init; }
}

/// <summary>One fault of a request.</summary>
internal sealed record WireProblemError(string? Field, int? Item, string Reason);
