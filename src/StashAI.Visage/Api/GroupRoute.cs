using System.Globalization;
using System.Net.Mime;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using StashAI.Visage.Api.Responses.Faces;
using StashAI.Visage.Clustering;
using StashAI.Visage.Gallery;
using StashAI.Visage.Hosting;
using StashAI.Visage.Recognition;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Api;

/// <summary>
/// Groups those faces of many photos that today's gallery does not know, without the models. It is for the gateway, which keeps the faces;
/// its form may change with every version.
/// </summary>
internal sealed class GroupRoute(WorkGate gate, FaceGallery gallery, VisageOptions options)
{
    private const string Threshold = "threshold";
    private const string MinFaces = "min_faces";

    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapWithAdmission("/api/groups", GroupAsync, hasBodyInMemory: false).WithMetadata(new QueryParameters(Threshold, MinFaces));

    private async Task<JsonHttpResult<GroupsResponse>> GroupAsync(HttpContext context)
    {
        // No form of a web page can send this type, so a page cannot reach this without being asked for its origin.
        if (!string.Equals(context.Request.ContentType, MediaTypeNames.Application.Octet, StringComparison.OrdinalIgnoreCase))
        {
            throw new RequestRefusedException(
                StatusCodes.Status415UnsupportedMediaType, $"Send the faces with Content-Type: {MediaTypeNames.Application.Octet}.");
        }

        var cancellationToken = context.RequestAborted;
        var threshold = ThresholdOf(context.Request.Query[Threshold]);
        var minFaces = MinFacesOf(context.Request.Query[MinFaces]);
        // The body is not kept: only the unknown faces of it are, and their number is limited.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = null;
        var people = await gallery.CurrentAsync(cancellationToken);
        // A change that arrives meanwhile may be seen, so that the version is never too high.
        var version = people.Version;
        var unknown = new UnknownFaces(gate, people);
        await foreach (var (ofPhoto, faces) in KeptPhotos.ReadAsync(context.Request.BodyReader, cancellationToken))
            await unknown.AddAsync(ofPhoto, faces, cancellationToken);
        await unknown.MatchAsync(cancellationToken);

        var minCosine = threshold ?? MatchConfidence.DefaultFor(unknown.Embeddings.Count);
        var groups = await gate.RunAsync(
            _ => FaceGrouping.Group(
                unknown.Embeddings.ConvertAll(face => face.Vector), unknown.Embeddings.ConvertAll(face => face.Quality), minCosine,
                options.MaxConcurrency, cancellationToken),
            cancellationToken);
        var found = groups.Where(group => group.Faces.Count >= minFaces).Select(group => new FaceGroupDto(
            group.Best,
            [.. group.Faces.Select(face => unknown.Places[face].Photo)],
            [.. group.Faces.Select(face => unknown.Places[face].Face)]));
        return TypedResults.Json(
            new GroupsResponse(
                version, Math.Round(Math.Clamp(minCosine, -1, 1), 4), unknown.Photos, unknown.Faces, unknown.Places.Count, [.. found]),
            VisageJson.Default.GroupsResponse);
    }

    private static float? ThresholdOf(string? text) => text is null ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var threshold)
            ? MatchSettings.CosineOf(threshold)
            : throw RequestRefusedException.Unprocessable(Threshold, $"{Threshold} must be a number from 0 to 1.");

    private static int MinFacesOf(string? text) => text is null ? 1
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? count
            : throw RequestRefusedException.Unprocessable(MinFaces, $"{MinFaces} must be a whole number from 1.");
}
