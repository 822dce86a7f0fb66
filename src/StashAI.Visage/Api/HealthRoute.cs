using Microsoft.AspNetCore.Http.HttpResults;
using StashAI.Visage.Api.Responses.Service;
using StashAI.Visage.Gallery;
using StashAI.Visage.Gallery.Postgres;
using StashAI.Visage.Recognition;
using StashAI.Visage.Settings;
using StashAI.Visage.Video;

namespace StashAI.Visage.Api;

/// <summary>Reports that the service is up and how busy it is.</summary>
internal sealed class HealthRoute(FaceGallery gallery, WorkGate gate, VideoTools video, VisageOptions options)
{
    private const string RetryAfterSeconds = "5";

    /// <summary>Checks of containers and load balancers give up soon themselves.</summary>
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(2);

    private static readonly string Version = typeof(HealthRoute).Assembly.GetName().Version!.ToString(3);

    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/health", (Delegate)AnswerAsync).WithMetadata(QueryParameters.Free);

    private async Task<JsonHttpResult<HealthResponse>> AnswerAsync(HttpContext context)
    {
        var trouble = await FindTroubleAsync(context.RequestAborted);
        var known = gallery.Known;
        if (trouble is not null) context.Response.Headers.RetryAfter = RetryAfterSeconds;
        return TypedResults.Json(
            new HealthResponse(
                trouble is null ? "healthy" : "unhealthy", "visage", Version, known.PeopleCount, known.FacesCount,
                gate.Busy, gate.Queued, options.MaxConcurrency, options.MaxQueued, video.IsAvailable)
            {
                Detail = trouble,
            },
            VisageJson.Default.HealthResponse,
            statusCode: trouble is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>Why requests that need the gallery are refused now; null when they are not.</summary>
    private async Task<string?> FindTroubleAsync(CancellationToken cancellationToken)
    {
        if (options.Database is not { } database) return null;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(CheckTimeout);
        try
        {
            await gallery.CurrentAsync(timeout.Token);
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"The gallery's database {database.Name} has not answered for {CheckTimeout.TotalSeconds:0} s.";
        }
        catch (Exception exception) when (PostgresGalleryTroubles.Explain(exception, database.Name) is { } trouble)
        {
            return trouble;
        }
    }
}
