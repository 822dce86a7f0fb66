using StashAI.Visage.Api.Responses.Service;
using StashAI.Visage.Gallery;
using StashAI.Visage.Recognition;
using StashAI.Visage.Settings;
using StashAI.Visage.Video;

namespace StashAI.Visage.Api;

/// <summary>Reports that the service is up and how busy it is.</summary>
internal sealed class HealthRoute(FaceGallery gallery, WorkGate gate, VideoTools video, VisageOptions options)
{
    private static readonly string Version = typeof(HealthRoute).Assembly.GetName().Version!.ToString(3);

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/health", () => TypedResults.Json(
        new HealthResponse(
            "healthy", "visage", Version, gallery.PeopleCount, gallery.FacesCount,
            gate.Busy, gate.Queued, options.MaxConcurrency, options.MaxQueued, video.IsAvailable),
        VisageJson.Default.HealthResponse)).WithMetadata(QueryParameters.Free);
}
