namespace StashAI.Visage.Api.Requests;

/// <summary>The people to merge into another person, who takes over their faces.</summary>
internal sealed record MergeRequest
{
    public IReadOnlyList<Guid>? From { get; init; }
}
