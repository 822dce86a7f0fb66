using Microsoft.AspNetCore.Http.HttpResults;
using StashAI.Visage.Api.Requests;
using StashAI.Visage.Api.Responses.Faces;
using StashAI.Visage.Gallery;
using StashAI.Visage.Hosting;
using StashAI.Visage.Recognition;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Api;

/// <summary>
/// Matches faces that an earlier answer had with today's gallery, by the rules for photos and without the models. It is for the gateway,
/// which keeps the faces; its form may change with every version.
/// </summary>
internal sealed class RematchRoute(FaceGallery gallery, VisageOptions options)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapWithAdmission("/api/rematch", RematchAsync);

    private async Task<JsonHttpResult<RematchResponse>> RematchAsync(HttpContext context)
    {
        var request = await JsonBody.ReadAsync(context, options, VisageJson.Default.RematchRequest);
        var people = await gallery.CurrentAsync(context.RequestAborted);
        // A change that arrives meanwhile may be seen, so that the version is never too high.
        var version = people.Version;
        var photos = (request.Photos ?? []).Select((photo, i) => Rematch(photo, $"photos[{i}]", people, context)).ToList();
        return TypedResults.Json(new RematchResponse(version, photos), VisageJson.Default.RematchResponse);
    }

    private static RematchedPhotoDto Rematch(RematchRequestPhoto? photo, string field, KnownPeople people, HttpContext context)
    {
        context.RequestAborted.ThrowIfCancellationRequested();
        var settings = MatchSettings.Of(new PredictRequest { Threshold = photo?.Threshold, Results = photo?.Results }, people);
        var vectors = KeptFaces.ReadEmbeddings(photo?.KeptFaces) ?? throw RequestRefusedException.Unprocessable(
            $"{field}.kept_faces", $"{field}.kept_faces must be what an earlier answer had, in base64.");
        var limit = photo!.Results ?? int.MaxValue;
        var found = FaceMatching.Match(people, vectors, settings);
        return new(
            settings.ReportedCosine,
            [
                .. vectors.Select((vector, i) => KeptFaces.IsErased(vector)
                    ? new RematchedFaceDto([], false)
                    : new RematchedFaceDto(
                        [.. found[i].Take(limit).Select(match => DtoMapping.Performer(match, context.Request))],
                        FaceMatching.IsAmbiguous(found[i]))),
            ]);
    }
}
