using System.Text.Json.Serialization;

namespace StashAI.Client.Models;

/// <summary>A page of a list as the server sends it.</summary>
internal sealed record WirePage<T>([property: JsonRequired] IReadOnlyList<T> Data, string? Next, long Total, bool TotalIsExact);

/// <summary>A page of the tasks of a job as the older route sends it.</summary>
internal sealed record WireItemPage([property: JsonRequired] IReadOnlyList<WireItem> Tasks);

/// <summary>The id of a task as the older route sends it.</summary>
internal sealed record WireItem(Guid TaskId);

/// <summary>How many jobs a bulk operation would act on, under either name.</summary>
internal sealed record WireBulkCount(long? Matched, long? Total, bool TotalIsExact);

/// <summary>What a server says of itself.</summary>
internal sealed record WireRoot(string? Version, IReadOnlyList<string>? Routes);

/// <summary>The body of a submit that arrives in chunks.</summary>
internal sealed record WireUpload(Guid Id, long Offset, int ChunkBytes, Guid? JobId);

/// <summary>All services as the server sends them.</summary>
internal sealed record ServicePage([property: JsonRequired] IReadOnlyList<Service> Services);

/// <summary>A page of a list of jobs, or its changes, as a live message.</summary>
internal sealed record WireJobList(
    IReadOnlyList<Job>? Data, long? Total, IReadOnlyList<Job>? Jobs, IReadOnlyList<Job>? Left, IReadOnlyList<Guid>? Removed);

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
