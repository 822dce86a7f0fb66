using StashAI.Server.Demo.Photos;

namespace StashAI.Server.Demo.Job;

/// <summary>What became of one photo of the batch.</summary>
/// <param name="Error">Why its task did not complete; null when it did.</param>
/// <param name="Milliseconds">Processing time of its task; null when it never ran.</param>
internal sealed record PhotoResult(DemoPhoto Photo, IReadOnlyList<DemoFace> Faces, double? Milliseconds, string? Error)
{
    public bool Completed => Error is null;
}
