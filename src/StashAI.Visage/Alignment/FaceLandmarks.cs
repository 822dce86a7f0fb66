using StashAI.Visage.Imaging;

namespace StashAI.Visage.Alignment;

/// <summary>
/// The five points used to align a face, in pixels of the upright photo. Left and right are as seen in the picture.
/// </summary>
internal readonly record struct FaceLandmarks(Point2 LeftEye, Point2 RightEye, Point2 Nose, Point2 LeftMouth, Point2 RightMouth)
{
    /// <summary>The angle between the face's horizontal axis and the photo's, in radians, computed from the eyes and the mouth.</summary>
    public float Roll
    {
        get
        {
            var across = RightEye - LeftEye + (RightMouth - LeftMouth);
            var down = LeftMouth + RightMouth - (LeftEye + RightEye);
            // Rotated by 90 degrees, "down" points across as well; the sum weights both vectors by their length.
            return MathF.Atan2(across.Y - down.X, across.X + down.Y);
        }
    }
}
