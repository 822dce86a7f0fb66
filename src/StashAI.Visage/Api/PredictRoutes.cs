using Microsoft.AspNetCore.Http.HttpResults;
using StashAI.Visage.Api.Requests;
using StashAI.Visage.Api.Responses.Faces;
using StashAI.Visage.Gallery;
using StashAI.Visage.Hosting;
using StashAI.Visage.Recognition;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Api;

/// <summary>Finds the faces of a photo and who they are.</summary>
internal sealed class PredictRoutes(WorkGate gate, FaceGallery gallery, VisageOptions options)
{
    /// <summary>The header by which the gateway asks for the faces in the form that it stores.</summary>
    private const string KeepHeader = "X-StashAI-Keep";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapWithAdmission("/api/predict_1", AllFacesAsync);
        routes.MapWithAdmission("/api/identify", AllFacesAsync);
        routes.MapWithAdmission("/api/predict_0", MostProminentAsync);
    }

    private async Task<JsonHttpResult<PredictResponse>> AllFacesAsync(HttpContext context)
    {
        var (request, settings, photo) = await AnalyseAsync(context);
        var people = await gallery.CurrentAsync(context.RequestAborted);
        var version = people.Version;
        var matches = Match(people, photo.Faces, settings);
        var faces = photo.Faces.Select((face, i) => ToDto(face, matches[i], request, context.Request)).ToList();
        var answer = new PredictResponse([faces], photo.Width, photo.Height, photo.IsIncomplete, settings.ReportedCosine)
        {
            Frame = photo.Frame,
        };
        if (context.Request.Headers[KeepHeader] == "faces")
            answer = answer with { GalleryVersion = version, KeptFaces = KeptFaces.Write(photo.Faces) };
        return TypedResults.Json(answer, VisageJson.Default.PredictResponse);
    }

    private async Task<JsonHttpResult<PredictOneResponse>> MostProminentAsync(HttpContext context)
    {
        var (request, settings, photo) = await AnalyseAsync(context);
        var people = await gallery.CurrentAsync(context.RequestAborted);
        var first = photo.Faces.Take(1).ToList();
        var face = first.Count == 0 ? null : ToDto(first[0], Match(people, first, settings)[0], request, context.Request);
        return TypedResults.Json(
            new PredictOneResponse([face?.Performers ?? []], face, photo.Width, photo.Height, photo.IsIncomplete, settings.ReportedCosine)
            {
                Frame = photo.Frame,
            },
            VisageJson.Default.PredictOneResponse);
    }

    private async Task<(PredictRequest Request, MatchSettings Settings, AnalysedPhoto Photo)> AnalyseAsync(HttpContext context)
    {
        var request = await JsonBody.ReadAsync(context, options, VisageJson.Default.PredictRequest);
        var settings = MatchSettings.Of(request, await gallery.CurrentAsync(context.RequestAborted));
        var image = request.ImageData ?? request.Image
            ?? throw RequestRefusedException.BadRequest("image_data", "image_data is missing: send a picture as base64 or a data: URL.");
        return (request, settings, await gate.AnalyseAsync(image.Data, settings.Detail, context.RequestAborted));
    }

    private static IReadOnlyList<IReadOnlyList<PersonMatch>> Match(
        KnownPeople people, IReadOnlyList<DetectedFace> faces, MatchSettings settings) =>
        FaceMatching.Match(people, [.. faces.Select(face => face.Embedding.Vector)], settings);

    private static FaceDto ToDto(DetectedFace face, IReadOnlyList<PersonMatch> matches, PredictRequest request, HttpRequest http)
    {
        var limit = request.Results ?? int.MaxValue;
        return DtoMapping.Face(
            face, [.. matches.Take(limit).Select(match => DtoMapping.Performer(match, http))], FaceMatching.IsAmbiguous(matches),
            request.ReturnEmbeddings == true);
    }
}
