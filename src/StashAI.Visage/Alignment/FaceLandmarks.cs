using StashAI.Visage.Imaging;

namespace StashAI.Visage.Alignment;

/// <summary>
/// The five points that a face is aligned by, in pixels of the upright photo. Left and right are those of the picture.
/// </summary>
internal readonly record struct FaceLandmarks(Point2 LeftEye, Point2 RightEye, Point2 Nose, Point2 LeftMouth, Point2 RightMouth)
{
    /// <summary>The angle of the face's own horizontal on the photo, in radians, from eyes and mouth together.</summary>
    public float Roll
    {
        get
        {
            var across = RightEye - LeftEye + (RightMouth - LeftMouth);
            var down = LeftMouth + RightMouth - (LeftEye + RightEye);
            // Turned by a quarter, "down" points across too; the sum weighs both by their length.
            return MathF.Atan2(across.Y - down.X, across.X + down.Y);
        }
    }
}
