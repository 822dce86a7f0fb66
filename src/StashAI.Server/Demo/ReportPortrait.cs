using SkiaSharp;

namespace StashAI.Server.Demo;

/// <summary>Chooses the part of a photo that shows a person.</summary>
internal static class ReportPortrait
{
    /// <returns>A square around the person's face, or the upper middle of the photo.</returns>
    public static SKRectI Area(EnrolledPerson person)
    {
        var photo = person.Photos[0];
        var shorter = Math.Min(photo.Width, photo.Height);
        var (side, x, y) = person.Face is { } face
            ? (Math.Clamp((int)(Math.Max(face.Width, face.Height) * 1.5), 1, shorter), face.X + face.Width / 2, face.Y + face.Height / 2)
            : (shorter, photo.Width / 2.0, shorter / 2.0);
        var left = (int)Math.Clamp(x - side / 2.0, 0, photo.Width - side);
        var top = (int)Math.Clamp(y - side / 2.0, 0, photo.Height - side);
        return new SKRectI(left, top, left + side, top + side);
    }
}
