using Microsoft.AspNetCore.Http.HttpResults;
using StashAI.Visage.Api.Responses.Service;
using StashAI.Visage.Gallery;
using StashAI.Visage.Recognition;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Api;

/// <summary>Reports that the service is up and how busy it is.</summary>
internal sealed class HealthRoute(FaceGallery gallery, WorkGate gate, VisageOptions options)
{
    private static readonly string Version = typeof(HealthRoute).Assembly.GetName().Version!.ToString(3);

    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/health", (Delegate)AnswerAsync).WithMetadata(QueryParameters.Free);

    private async Task<JsonHttpResult<HealthResponse>> AnswerAsync(HttpContext context)
    {
        var people = await gallery.CurrentAsync(context.RequestAborted);
        return TypedResults.Json(
            new HealthResponse(
                "healthy", "visage", Version, people.PeopleCount, people.FacesCount,
                gate.Busy, gate.Queued, options.MaxConcurrency, options.MaxQueued),
            VisageJson.Default.HealthResponse);
    }
}
