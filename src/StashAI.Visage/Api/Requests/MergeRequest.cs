namespace StashAI.Visage.Api.Requests;

/// <summary>The people whose faces are taken over.</summary>
internal sealed record MergeRequest
{
    public IReadOnlyList<Guid>? From { get; init; }
}
