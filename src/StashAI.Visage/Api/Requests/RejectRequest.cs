namespace StashAI.Visage.Api.Requests;

/// <summary>Faces that are not of a person.</summary>
internal sealed record RejectRequest
{
    public IReadOnlyList<EnrolRequestFace?>? Faces { get; init; }
}
