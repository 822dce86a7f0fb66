using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using StashAI.Visage.Api.Requests;
using StashAI.Visage.Api.Responses.Comparisons;
using StashAI.Visage.Api.Responses.Faces;
using StashAI.Visage.Clustering;
using StashAI.Visage.Detection;
using StashAI.Visage.Gallery;
using StashAI.Visage.Hosting;
using StashAI.Visage.Imaging;
using StashAI.Visage.Recognition;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Api;

/// <summary>Who appears in a set of photos, how often, and with whom, without any name being known.</summary>
internal sealed class ClusterRoute(WorkGate gate, FaceGallery gallery, VisageOptions options)
{
    private const int MaxFaces = 4000;
    private const int MaxPhotos = 1000;

    public void Map(IEndpointRouteBuilder routes) => routes.MapWork("/api/cluster", ClusterAsync);

    private async Task<JsonHttpResult<ClusterResponse>> ClusterAsync(HttpContext context)
    {
        var request = await JsonBody.ReadAsync(context, options, VisageJson.Default.ClusterRequest);
        var minCosine = MatchSettings.Of(new PredictRequest { Threshold = request.Threshold, Detail = request.Detail }, gallery).MinCosine;
        var faces = FromAnswers(request.Faces ?? []);
        faces.AddRange(await FromPhotosAsync(request, context.RequestAborted));
        if (faces.Count > MaxFaces)
            throw new RequestRefusedException(StatusCodes.Status422UnprocessableEntity, $"There are {faces.Count} faces; at most {MaxFaces} are grouped at once.");

        // As one piece of bounded work: it takes a core for a while.
        var groups = await gate.WorkAsync(
            _ => AverageLinkage.Group([.. faces.Select(face => face.Vector)], minCosine, context.RequestAborted), context.RequestAborted);
        var clusters = groups.Select((group, index) => Shape(index, [.. group.Select(i => faces[i])], context.Request)).ToList();
        var photos = faces.Select(face => face.Shown.Photo).Distinct().Count();
        return TypedResults.Json(new ClusterResponse(clusters, Together(clusters), photos, faces.Count), VisageJson.Default.ClusterResponse);
    }

    private static List<(float[] Vector, ClusteredFaceDto Shown)> FromAnswers(IReadOnlyList<FaceOfPhoto?> faces) =>
    [
        .. faces.Select((face, i) => (
            EmbeddingText.Read(face?.Embedding) ?? throw RequestRefusedException.Unprocessable(
                $"faces[{i}].embedding", $"faces[{i}].embedding must be the embedding of a face in an earlier answer: base64 of 512 floats."),
            new ClusteredFaceDto(face!.Photo ?? $"face {i}", face.Embedding!))),
    ];

    private async Task<List<(float[] Vector, ClusteredFaceDto Shown)>> FromPhotosAsync(ClusterRequest request, CancellationToken cancellationToken)
    {
        var photos = request.Photos ?? [];
        if (photos.Count == 0 && request.Faces is not { Count: > 0 })
            throw RequestRefusedException.BadRequest("photos", "photos is missing: a list of pictures as base64 or data: URLs.");

        if (photos.Count > MaxPhotos)
            throw RequestRefusedException.Unprocessable("photos", $"photos has {photos.Count} pictures; at most {MaxPhotos} are taken at once.");

        var detail = MatchSettings.DetailOf(request.Detail);
        var found = new List<(float[], ClusteredFaceDto)>();
        for (var i = 0; i < photos.Count; i++)
        {
            var field = $"photos[{i}]";
            var image = photos[i] ?? throw RequestRefusedException.BadRequest(field, $"{field} is null.");
            try
            {
                var photo = await gate.AnalyseAsync(image.Data, detail, cancellationToken);
                found.AddRange(photo.Faces.Select(face => (face.Embedding.Vector, Shape(i, face))));
            }
            catch (PhotoRefusedException refused)
            {
                throw VisageExceptions.Refused(refused, field, field);
            }
        }

        return found;
    }

    private static ClusteredFaceDto Shape(int photo, DetectedFace face) =>
        new(photo.ToString(CultureInfo.InvariantCulture), EmbeddingText.Write(face.Embedding.Vector))
        {
            Image = face.Jpeg,
            Box = FaceShapes.Box(face),
            Quality = Math.Round(face.Embedding.Quality, 3),
        };

    private ClusterDto Shape(int index, IReadOnlyList<(float[] Vector, ClusteredFaceDto Shown)> faces, HttpRequest http)
    {
        // The face that is closest to all others of the group stands for it.
        var middle = faces.MaxBy(face => faces.Sum(other => System.Numerics.Tensors.TensorPrimitives.Dot<float>(face.Vector, other.Vector))).Vector;
        var known = gallery.Search([middle], MatchConfidence.DefaultCosine, results: 1)[0];
        return new(
            index,
            [.. faces.Select(face => face.Shown.Photo).Distinct()],
            [.. faces.Select(face => face.Shown)],
            known.Count > 0 ? FaceShapes.Performer(known[0], http) : null);
    }

    private static List<TogetherDto> Together(List<ClusterDto> clusters) =>
    [
        .. clusters.SelectMany(cluster => cluster.Photos.Select(photo => (cluster.Index, Photo: photo)))
            .GroupBy(entry => entry.Photo)
            .SelectMany(photo => photo.SelectMany(first => photo.Where(second => second.Index > first.Index).Select(second => (First: first.Index, Second: second.Index))))
            .GroupBy(pair => pair)
            .Select(pairs => new TogetherDto(pairs.Key.First, pairs.Key.Second, pairs.Count()))
            .OrderByDescending(pair => pair.Photos).ThenBy(pair => pair.First).ThenBy(pair => pair.Second),
    ];
}
