using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using StashAI.Visage.Api.Requests;
using StashAI.Visage.Api.Responses.Comparisons;
using StashAI.Visage.Api.Responses.Faces;
using StashAI.Visage.Clustering;
using StashAI.Visage.Gallery;
using StashAI.Visage.Hosting;
using StashAI.Visage.Recognition;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Api;

/// <summary>Groups the faces of a set of photos by person, without knowing any names, and counts who appears with whom.</summary>
internal sealed class ClusterRoute(WorkGate gate, FaceGallery gallery, VisageOptions options)
{
    private const int MaxFaces = 4000;

    public void Map(IEndpointRouteBuilder routes) => routes.MapWithAdmission("/api/cluster", ClusterAsync);

    private async Task<JsonHttpResult<ClusterResponse>> ClusterAsync(HttpContext context)
    {
        var request = await JsonBody.ReadAsync(context, options, VisageJson.Default.ClusterRequest);
        var settings = new PredictRequest { Threshold = request.Threshold, Detail = request.Detail };
        var minCosine = MatchSettings.Of(settings, await gallery.CurrentAsync(context.RequestAborted)).MinCosine;
        var faces = ReadEmbeddings(request.Faces ?? []);
        faces.AddRange(await FindFacesAsync(request, context.RequestAborted));
        if (faces.Count > MaxFaces)
        {
            throw new RequestRefusedException(
                StatusCodes.Status422UnprocessableEntity,
                $"There are {faces.Count} faces; at most {MaxFaces} can be grouped at once. Send fewer photos or faces.");
        }

        // Grouping keeps a core busy for a while, so it goes through the gate too.
        var groups = await gate.RunAsync(
            _ => FaceGrouping.Group(
                [.. faces.Select(face => face.Vector)],
                [.. faces.Select(face => (float)(face.Shown.Quality ?? double.PositiveInfinity))], minCosine, cores: 1,
                context.RequestAborted),
            context.RequestAborted);
        var people = await gallery.CurrentAsync(context.RequestAborted);
        var clusters = groups
            .Select((group, index) => ToDto(index, [.. group.Faces.Order().Select(i => faces[i])], people, context.Request)).ToList();
        var photos = faces.Select(face => face.Shown.Photo).Distinct().Count();
        return TypedResults.Json(
            new ClusterResponse(clusters, CountTogether(clusters), photos, faces.Count), VisageJson.Default.ClusterResponse);
    }

    private static List<(float[] Vector, ClusteredFaceDto Shown)> ReadEmbeddings(IReadOnlyList<ClusterRequestFace?> faces) =>
    [
        .. faces.Select((face, i) => (
            EmbeddingText.ReadOrRefuse(face?.Embedding, $"faces[{i}]"),
            new ClusteredFaceDto(face!.Photo ?? $"face {i}", face.Embedding!))),
    ];

    private async Task<List<(float[] Vector, ClusteredFaceDto Shown)>> FindFacesAsync(
        ClusterRequest request, CancellationToken cancellationToken)
    {
        var photos = PhotoList.Check(request.Photos, request.Faces?.Count ?? 0);
        var detail = MatchSettings.DetailOf(request.Detail);
        var found = new List<(float[], ClusteredFaceDto)>();
        for (var i = 0; i < photos.Count; i++)
        {
            var field = $"photos[{i}]";
            var image = photos[i] ?? throw RequestRefusedException.BadRequest(field, $"{field} is null.");
            var photo = await PhotoList.AnalyseAsync(field, gate.AnalyseAsync(image.Data, detail, cancellationToken));
            found.AddRange(photo.Faces.Select(face => (face.Embedding.Vector, ToDto(i, face))));
        }

        return found;
    }

    private static ClusteredFaceDto ToDto(int photo, DetectedFace face) =>
        new(photo.ToString(CultureInfo.InvariantCulture), EmbeddingText.Write(face.Embedding.Vector))
        {
            Image = face.Jpeg,
            Box = DtoMapping.Box(face),
            Quality = Math.Round(face.Embedding.Quality, 3),
        };

    private static ClusterDto ToDto(
        int index, IReadOnlyList<(float[] Vector, ClusteredFaceDto Shown)> faces, KnownPeople people, HttpRequest http)
    {
        // The face closest to all others of the group represents it.
        var medoid = faces.MaxBy(
            face => faces.Sum(other => System.Numerics.Tensors.TensorPrimitives.Dot<float>(face.Vector, other.Vector))).Vector;
        var known = people.Search([medoid], MatchConfidence.DefaultCosine, results: 1)[0];
        return new(
            index,
            [.. faces.Select(face => face.Shown.Photo).Distinct()],
            [.. faces.Select(face => face.Shown)],
            known.Count > 0 ? DtoMapping.Performer(known[0], http) : null);
    }

    private static List<CoAppearanceDto> CountTogether(List<ClusterDto> clusters) =>
    [
        .. clusters.SelectMany(cluster => cluster.Photos.Select(photo => (cluster.Index, Photo: photo)))
            .GroupBy(entry => entry.Photo)
            .SelectMany(photo => photo.SelectMany(
                first => photo.Where(second => second.Index > first.Index).Select(second => (First: first.Index, Second: second.Index))))
            .GroupBy(pair => pair)
            .Select(pairs => new CoAppearanceDto(pairs.Key.First, pairs.Key.Second, pairs.Count()))
            .OrderByDescending(pair => pair.Photos).ThenBy(pair => pair.First).ThenBy(pair => pair.Second),
    ];
}
