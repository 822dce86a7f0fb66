namespace StashAI.Visage.Api.Responses.Service;

/// <summary>What the service is doing.</summary>
internal sealed record HealthResponse(
    string Status, string Service, string Version, int People, int Faces, int Busy, int Queued, int MaxConcurrency, int MaxQueued);
