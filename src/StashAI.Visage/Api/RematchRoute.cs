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
internal sealed class RematchRoute(FaceGallery gallery, WorkGate gate, VisageOptions options)
{
    /// <summary>The least faces that get a thread of their own: enough that each part of the gallery is loaded for many of them.</summary>
    private const int FewestFaces = 64;

    /// <summary>The most faces of a thread, so that photos of others get their turns.</summary>
    private const int MostFaces = 256;

    public void Map(IEndpointRouteBuilder routes) => routes.MapWithAdmission("/api/rematch", RematchAsync);

    private async Task<JsonHttpResult<RematchResponse>> RematchAsync(HttpContext context)
    {
        var request = await JsonBody.ReadAsync(context, options, VisageJson.Default.RematchRequest);
        var people = await gallery.CurrentAsync(context.RequestAborted);
        // A change that arrives meanwhile may be seen, so that the version is never too high.
        var version = people.Version;
        var photos = (request.Photos ?? []).Select((photo, i) => Read(photo, $"photos[{i}]", people)).ToList();
        await Task.WhenAll(photos.SelectMany(photo => photo.Faces).GroupBy(face => face.Settings)
            .SelectMany(Share)
            .Select(faces => gate.RunAsync(_ => Match(people, faces, context.RequestAborted), context.RequestAborted)));
        return TypedResults.Json(
            new RematchResponse(version, photos.ConvertAll(photo => Answer(photo, context.Request))), VisageJson.Default.RematchResponse);
    }

    /// <summary>The faces in equal parts, one for each core where they are neither few nor many.</summary>
    private IEnumerable<KeptFace[]> Share(IEnumerable<KeptFace> faces)
    {
        var all = faces.ToList();
        return all.Chunk(Math.Clamp((all.Count + options.MaxConcurrency - 1) / options.MaxConcurrency, FewestFaces, MostFaces));
    }

    private static KeptPhoto Read(RematchRequestPhoto? photo, string field, KnownPeople people)
    {
        var settings = MatchSettings.Of(new PredictRequest { Threshold = photo?.Threshold, Results = photo?.Results }, people);
        var vectors = KeptFaces.ReadEmbeddings(photo?.KeptFaces) ?? throw RequestRefusedException.Unprocessable(
            $"{field}.kept_faces", $"{field}.kept_faces must be what an earlier answer had, in base64.");
        return new(settings, photo!.Results ?? int.MaxValue, [.. vectors.Select(vector => new KeptFace(vector, settings))]);
    }

    private static int Match(KnownPeople people, KeptFace[] faces, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var found = FaceMatching.Match(people, [.. faces.Select(face => face.Vector)], faces[0].Settings);
        for (var i = 0; i < faces.Length; i++) faces[i].Found = found[i];
        return faces.Length;
    }

    private static RematchedPhotoDto Answer(KeptPhoto photo, HttpRequest http) => new(
        photo.Settings.ReportedCosine,
        [
            .. photo.Faces.Select(face => KeptFaces.IsErased(face.Vector)
                ? new RematchedFaceDto([], false)
                : new RematchedFaceDto(
                    [.. face.Found.Take(photo.Limit).Select(match => DtoMapping.Performer(match, http))],
                    FaceMatching.IsAmbiguous(face.Found))),
        ]);

    private sealed record KeptPhoto(MatchSettings Settings, int Limit, List<KeptFace> Faces);

    private sealed class KeptFace(float[] vector, MatchSettings settings)
    {
        public float[] Vector => vector;

        public MatchSettings Settings => settings;

        public IReadOnlyList<PersonMatch> Found { get; set; } = [];
    }
}
