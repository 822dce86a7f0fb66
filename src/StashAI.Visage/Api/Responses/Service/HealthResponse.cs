namespace StashAI.Visage.Api.Responses.Service;

/// <summary>
/// The state of the service: the size of the gallery, the photos in work, the waiting requests, the limits, and whether it reads videos.
/// </summary>
internal sealed record HealthResponse(
    string Status, string Service, string Version, int People, int Faces, int Busy, int Queued, int MaxConcurrency, int MaxQueued,
    bool Video)
{
    /// <summary>Why requests are refused now; null for a healthy service.</summary>
    public string? Detail { get; init; }
}
