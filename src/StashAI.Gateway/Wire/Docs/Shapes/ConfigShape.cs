using System.ComponentModel;
using System.Text.Json.Nodes;

namespace StashAI.Gateway.Wire.Docs.Shapes;

/// <summary>The fields of <c>config</c> that every job may have.</summary>
internal record ConfigShape
{
    [Description("For people.")]
    public string? JobName { get; init; }

    [Description("Shown with the job; lists of jobs can be filtered by it.")]
    public string? UserId { get; init; }

    [Description("Shown with the job; lists of jobs can be filtered by it.")]
    public string? SessionId { get; init; }

    [Description("Higher first: 0 to 9, or a word; 5 unless given.")]
    [Schema("""{"oneOf":[{"type":"integer","minimum":0,"maximum":9},{"type":"string","enum":["low","normal","high"]}]}""")]
    public JsonNode? Priority { get; init; }

    [Description("The most tasks of the job at once, 1 to 100,000.")]
    public int? BatchSize { get; init; }

    [Description("The same; the smaller one holds.")]
    public int? MaxParallel { get; init; }

    [Description("How often a failed call is tried again, 0 to 100; 3 unless given.")]
    public int? MaxRetries { get; init; }

    [Description("Its tasks wait until then.")]
    public DateTimeOffset? StartAt { get; init; }

    [Description("What is not over by then fails.")]
    public DateTimeOffset? Deadline { get; init; }

    [Description("What people find the job by: up to 16 tags of 1 to 64 characters.")]
    public IReadOnlyList<string>? Tags { get; init; }
}
