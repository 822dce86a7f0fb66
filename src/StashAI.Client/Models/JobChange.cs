using System.Text.Json.Serialization;

namespace StashAI.Client.Models;

/// <summary>What to change of a job. What is null stays as it is.</summary>
public sealed record JobChange
{
    /// <summary>What the job is called.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    /// <summary>What people find the job by; an empty list takes all tags away.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>0 to 9; jobs with a higher number go first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Priority { get; init; }

    /// <summary>The most tasks of the job that run at once, 1 to 100,000.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MaxParallel { get; init; }

    /// <summary>Tasks that have not ended by then fail.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Deadline { get; init; }
}
