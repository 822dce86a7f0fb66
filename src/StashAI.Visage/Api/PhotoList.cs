using StashAI.Visage.Hosting;
using StashAI.Visage.Imaging;
using StashAI.Visage.Recognition;

namespace StashAI.Visage.Api;

/// <summary>Checks the photos of a request; errors name the field of the photo.</summary>
internal static class PhotoList
{
    private const int MaxPhotos = 1000;

    /// <summary>The photos of a request; empty when the request has only faces.</summary>
    /// <param name="photos">The photos as sent.</param>
    /// <param name="faces">The number of faces in the request, which can replace photos.</param>
    /// <exception cref="RequestRefusedException">There are neither photos nor faces, or too many photos.</exception>
    public static IReadOnlyList<T> Check<T>(IReadOnlyList<T>? photos, int faces)
    {
        if (photos is not { Count: > 0 })
        {
            return faces > 0 ? [] : throw RequestRefusedException.BadRequest(
                "photos",
                "photos is missing: send a list of pictures as base64 or data: "
                + "URLs (or in faces the faces of an earlier answer with their embeddings).");
        }

        return photos.Count <= MaxPhotos
            ? photos
            : throw RequestRefusedException.Unprocessable(
                "photos", $"photos has {photos.Count} pictures; send at most {MaxPhotos} at once.");
    }

    /// <exception cref="RequestRefusedException">The photo is refused; the error names <paramref name="field"/>.</exception>
    public static async Task<AnalysedPhoto> AnalyseAsync(string field, Task<AnalysedPhoto> analysis)
    {
        try
        {
            return await analysis;
        }
        catch (PhotoRefusedException exception)
        {
            throw VisageExceptions.Refused(exception, field, field);
        }
    }
}
