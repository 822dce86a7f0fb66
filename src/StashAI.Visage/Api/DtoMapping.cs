using StashAI.Visage.Api.Responses.Faces;
using StashAI.Visage.Api.Responses.People;
using StashAI.Visage.Gallery;
using StashAI.Visage.Hosting;
using StashAI.Visage.Imaging;
using StashAI.Visage.Recognition;

namespace StashAI.Visage.Api;

/// <summary>Maps faces and people to the objects that the API returns.</summary>
internal static class DtoMapping
{
    public static BoxDto Box(DetectedFace face) =>
        new(Round(face.Box.Left), Round(face.Box.Top), Round(face.Box.SpanX), Round(face.Box.SpanY));

    public static FaceDto Face(DetectedFace face, IReadOnlyList<PerformerDto> performers, bool isAmbiguous, bool withEmbedding) => new()
    {
        Image = face.Jpeg,
        Confidence = Math.Round(face.Box.Score, 4),
        Performers = performers,
        Box = Box(face),
        Landmarks = new(
            Point(face.Landmarks.LeftEye), Point(face.Landmarks.RightEye), Point(face.Landmarks.Nose),
            Point(face.Landmarks.LeftMouth), Point(face.Landmarks.RightMouth)),
        Quality = Math.Round(face.Embedding.Quality, 3),
        Ambiguous = isAmbiguous,
        Embedding = withEmbedding ? EmbeddingText.Write(face.Embedding.Vector) : null,
    };

    public static PerformerDto Performer(PersonMatch match, HttpRequest request) => new(
        match.Person.Id.ToString(),
        match.Person.Name,
        (int)Math.Round(100 * MatchConfidence.FromCosine(match.Cosine)),
        PictureOf(match.Person, request),
        match.Person.Country ?? "",
        match.Hits,
        Math.Round(1 - match.Cosine, 4),
        match.Person.PerformerUrl ?? "",
        Math.Round(match.Cosine, 4));

    public static PersonDto Person(Person person, int faces, HttpRequest request) => new()
    {
        Id = person.Id,
        Name = person.Name,
        Country = person.Country,
        Image = PictureOf(person, request),
        PerformerUrl = person.PerformerUrl,
        Faces = faces,
        CreatedAt = person.CreatedAt,
        UpdatedAt = person.UpdatedAt,
    };

    public static IReadOnlyList<FaceOptionDto> Options(AnalysedPhoto photo) =>
        [.. photo.Faces.Select((face, index) => new FaceOptionDto(index, Box(face), Math.Round(face.Embedding.Quality, 3)))];

    /// <summary>The person's own picture, or the signed address of the best enrolled face.</summary>
    public static string PictureOf(Person person, HttpRequest request)
    {
        if (!string.IsNullOrEmpty(person.Image)) return person.Image;
        var signature = request.HttpContext.RequestServices.GetRequiredService<GallerySecret>().SignatureOf(person.Id);
        return $"{request.Scheme}://{request.Host}/api/gallery/people/{person.Id}/picture?{GallerySecret.SignatureParameter}={signature}";
    }

    private static PointDto Point(Point2 point) => new(Round(point.X), Round(point.Y));

    private static double Round(float value) => Math.Round(value, 1);
}
