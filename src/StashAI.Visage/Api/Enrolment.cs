using System.Globalization;
using System.Security.Cryptography;
using StashAI.Visage.Api.Requests;
using StashAI.Visage.Api.Responses;
using StashAI.Visage.Gallery;
using StashAI.Visage.Imaging;
using StashAI.Visage.Recognition;

namespace StashAI.Visage.Api;

/// <summary>Turns the photos of a request into faces for the gallery: all of them, or a refusal that names the photo.</summary>
internal sealed class Enrolment(WorkGate gate)
{
    /// <exception cref="RequestRefusedException">A photo is no picture, has no face, or does not say which face is meant.</exception>
    public async Task<(List<GalleryFace> Faces, List<EnrolledFaceDto> Shown)> ReadFacesAsync(EnrolRequest request, CancellationToken cancellationToken)
    {
        if (request.Photos is not { Count: > 0 } photos)
            throw RequestRefusedException.BadRequest("photos", "photos is missing: a list of pictures as base64 or data: URLs.");
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

        return (faces, shown);
    }

    private async Task<AnalysedPhoto> AnalyseAsync(PhotoInput photo, string field, CancellationToken cancellationToken)
    {
        try
        {
            return await gate.AnalyseAsync(photo.Image.Data, cancellationToken);
        }
        catch (PhotoRefusedException refused)
        {
            throw Problems.Refused(refused, field, field);
        }
    }

    /// <summary>The same face of the same file is kept once.</summary>
    private static string SourceOf(PhotoInput photo, DetectedFace face) => string.Create(
        CultureInfo.InvariantCulture,
        $"sha256:{Convert.ToHexStringLower(SHA256.HashData(photo.Image.Data.Span))}@{face.Box.Centre.X:0},{face.Box.Centre.Y:0}");
}
