using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using StashAI.Visage.Api.Requests;
using StashAI.Visage.Api.Responses.People;
using StashAI.Visage.Gallery;
using StashAI.Visage.Hosting;
using StashAI.Visage.Recognition;

namespace StashAI.Visage.Api;

/// <summary>
/// Turns the photos of a request into faces for the gallery. One bad photo refuses the whole request; the error names the photo.
/// </summary>
internal sealed class Enrolment(WorkGate gate)
{
    private const int MaxPictureBytes = 200_000;

    /// <summary>Whether the bytes can be a picture of a face as this service writes it: a small JPEG.</summary>
    public static bool IsFacePicture(ReadOnlySpan<byte> jpeg) => jpeg.Length < MaxPictureBytes && jpeg is [0xFF, 0xD8, 0xFF, ..];

    /// <summary>The source of a face that comes as an embedding without a photo.</summary>
    public static string SourceOf(float[] vector) =>
        $"embedding:{Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(vector.AsSpan())))}";

    /// <exception cref="RequestRefusedException">A photo cannot be decoded, has no face, or has several and none is chosen.</exception>
    public async Task<(List<GalleryFace> Faces, List<EnrolledFaceDto> Shown)> ReadFacesAsync(
        EnrolRequest request, CancellationToken cancellationToken)
    {
        var photos = PhotoList.Check(request.Photos, request.Faces?.Count ?? 0);
        if (request.Face is not null && photos.Count > 1)
        {
            throw RequestRefusedException.Unprocessable(
                "face", """face can be used with one photo only; with several photos, send {"image": base64, "face": {..}} for each.""");
        }

        var faces = new List<GalleryFace>();
        var shown = new List<EnrolledFaceDto>();
        for (var i = 0; i < photos.Count; i++)
        {
            var field = $"photos[{i}]";
            var photo = photos[i] ?? throw RequestRefusedException.BadRequest(field, $"{field} is null.");
            var analysed = await PhotoList.AnalyseAsync(field, gate.AnalyseAsync(photo.Image.Data, cancellationToken));
            var face = FaceChooser.RequireFace(analysed, photo.Face ?? request.Face, field);
            faces.Add(new(face.Embedding.Vector, face.Embedding.Quality, face.Jpeg, SourceOf(photo, face)));
            shown.Add(new(i, DtoMapping.Box(face), Math.Round(face.Embedding.Quality, 3)));
        }

        foreach (var (i, found) in (request.Faces ?? []).Index())
            faces.Add(ReadFace(found, $"faces[{i}]"));
        return (faces, shown);
    }

    /// <summary>A face of an earlier answer. The service has kept nothing of it.</summary>
    public static GalleryFace ReadFace(EnrolRequestFace? found, string field)
    {
        var (vector, quality) = found?.KeptFaces is null
            ? (EmbeddingText.ReadOrRefuse(found?.Embedding, field), found?.Quality)
            : ReadKept(found, field);
        var jpeg = found!.Image?.Data.ToArray();
        if (jpeg is not null && !IsFacePicture(jpeg))
        {
            throw RequestRefusedException.Unprocessable(
                $"{field}.image", $"{field}.image must be the face's picture from the earlier answer, a small JPEG.");
        }

        return new(vector, quality is > 0 and < 100 ? quality.Value : 0, jpeg, SourceOf(vector));
    }

    private static (float[] Vector, float? Quality) ReadKept(EnrolRequestFace found, string field)
    {
        var faces = KeptFaces.Read(found.KeptFaces) ?? throw RequestRefusedException.Unprocessable(
            $"{field}.kept_faces", $"{field}.kept_faces must be what an earlier answer had, in base64.");
        var face = found.Index is { } index && index >= 0 && index < faces.Count
            ? faces[index]
            : throw RequestRefusedException.Unprocessable(
                $"{field}.index", $"{field}.index must be the position of one of the {faces.Count} faces of the answer, from 0.");
        if (KeptFaces.IsErased(face.Vector))
        {
            throw RequestRefusedException.Unprocessable(
                $"{field}.index", $"{field}.index is a face whose person was deleted; nothing of it is kept.");
        }

        return (face.Vector, face.Quality);
    }

    /// <summary>Identifies a face of a file, so that the gallery keeps it only once.</summary>
    private static string SourceOf(PhotoInput photo, DetectedFace face) => string.Create(
        CultureInfo.InvariantCulture,
        $"sha256:{Convert.ToHexStringLower(SHA256.HashData(photo.Image.Data.Span))}@{face.Box.Centre.X:0},{face.Box.Centre.Y:0}");
}
