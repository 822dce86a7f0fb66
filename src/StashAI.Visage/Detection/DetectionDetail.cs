namespace StashAI.Visage.Detection;

/// <summary>How closely a photo is looked at.</summary>
internal enum DetectionDetail
{
    /// <summary>Once as a whole; in tiles too where faces are small, turned too where no face stands upright.</summary>
    Auto,

    /// <summary>Once as a whole: faces from 1/9 of the photo's height on.</summary>
    Fast,

    /// <summary>In tiles down to faces of about 20 pixels, and in all four orientations.</summary>
    Fine,
}
