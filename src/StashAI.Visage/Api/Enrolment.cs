using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using StashAI.Visage.Api.Requests;
using StashAI.Visage.Api.Responses.People;
using StashAI.Visage.Gallery;
using StashAI.Visage.Hosting;
using StashAI.Visage.Imaging;
using StashAI.Visage.Recognition;

namespace StashAI.Visage.Api;

/// <summary>Turns the photos of a request into faces for the gallery: all of them, or a refusal that names the photo.</summary>
internal sealed class Enrolment(WorkGate gate)
{
    private const int MaxPicture = 200_000;
    private const int MaxPhotos = 1000;

    /// <summary>Whether these are the bytes of a face's picture as the service makes them.</summary>
    public static bool IsFacePicture(ReadOnlySpan<byte> jpeg) => jpeg.Length < MaxPicture && jpeg is [0xFF, 0xD8, 0xFF, ..];

    /// <summary>What stands for the photo where only the face's numbers are known.</summary>
    public static string SourceOf(float[] vector) => $"embedding:{Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(vector.AsSpan())))}";

    /// <exception cref="RequestRefusedException">A photo is no picture, has no face, or does not say which face is meant.</exception>
    public async Task<(List<GalleryFace> Faces, List<EnrolledFaceDto> Shown)> ReadFacesAsync(EnrolRequest request, CancellationToken cancellationToken)
    {
        var photos = request.Photos ?? [];
        if (photos.Count == 0 && request.Faces is not { Count: > 0 })
        {
            throw RequestRefusedException.BadRequest(
                "photos", "photos is missing: a list of pictures as base64 or data: URLs (or faces: faces of an earlier answer with their embeddings).");
        }

        if (photos.Count > MaxPhotos)
            throw RequestRefusedException.Unprocessable("photos", $"photos has {photos.Count} pictures; at most {MaxPhotos} are taken at once.");
        if (request.Face is not null && photos.Count > 1)
        {
            throw RequestRefusedException.Unprocessable(
                "face", """face goes with one photo; with several write {"image": base64, "face": {..}} for each.""");
        }

        var faces = new List<GalleryFace>();
        var shown = new List<EnrolledFaceDto>();
        for (var i = 0; i < photos.Count; i++)
        {
            var field = $"photos[{i}]";
            var photo = photos[i] ?? throw RequestRefusedException.BadRequest(field, $"{field} is null.");
            var face = FaceChooser.Choose(await AnalyseAsync(photo, field, cancellationToken), photo.Face ?? request.Face, field);
            faces.Add(new(face.Embedding.Vector, face.Embedding.Quality, face.Jpeg, SourceOf(photo, face)));
            shown.Add(new(i, FaceShapes.Box(face), Math.Round(face.Embedding.Quality, 3)));
        }

        foreach (var (i, found) in (request.Faces ?? []).Index())
            faces.Add(FromAnswer(found, $"faces[{i}]"));
        return (faces, shown);
    }

    /// <summary>A face that an earlier answer held; nothing of it was kept here.</summary>
    private static GalleryFace FromAnswer(FoundFace? found, string field)
    {
        var vector = EmbeddingText.Read(found?.Embedding) ?? throw RequestRefusedException.Unprocessable(
            $"{field}.embedding", $"{field}.embedding must be the embedding of a face in an earlier answer: base64 of 512 floats.");
        var jpeg = found!.Image?.Data.ToArray();
        if (jpeg is not null && !IsFacePicture(jpeg))
            throw RequestRefusedException.Unprocessable($"{field}.image", $"{field}.image must be the picture of the face in the earlier answer, a small JPEG.");
        return new(vector, found.Quality is > 0 and < 100 ? found.Quality.Value : 0, jpeg, SourceOf(vector));
    }

    private async Task<AnalysedPhoto> AnalyseAsync(PhotoInput photo, string field, CancellationToken cancellationToken)
    {
        try
        {
            return await gate.AnalyseAsync(photo.Image.Data, cancellationToken);
        }
        catch (PhotoRefusedException refused)
        {
            throw VisageExceptions.Refused(refused, field, field);
        }
    }

    /// <summary>The same face of the same file is kept once.</summary>
    private static string SourceOf(PhotoInput photo, DetectedFace face) => string.Create(
        CultureInfo.InvariantCulture,
        $"sha256:{Convert.ToHexStringLower(SHA256.HashData(photo.Image.Data.Span))}@{face.Box.Centre.X:0},{face.Box.Centre.Y:0}");
}
