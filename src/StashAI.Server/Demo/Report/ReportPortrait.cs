using SkiaSharp;
using StashAI.Server.Demo.Photos;

namespace StashAI.Server.Demo.Report;

/// <summary>Chooses the part of a photo that stands for a person.</summary>
internal static class ReportPortrait
{
    /// <returns>A square round the point that was given for the face, else the upper middle of the photo.</returns>
    public static SKRectI Area(PersonToEnrol person)
    {
        var photo = person.Photos[0];
        var shorter = Math.Min(photo.Width, photo.Height);
        var (side, x, y) = person.FaceAt is { } face
            ? (Math.Max(1, shorter / 4), face.X, face.Y)
            : (shorter, photo.Width / 2, shorter / 2);
        var left = Math.Clamp(x - side / 2, 0, photo.Width - side);
        var top = Math.Clamp(y - side / 2, 0, photo.Height - side);
        return new SKRectI(left, top, left + side, top + side);
    }
}
