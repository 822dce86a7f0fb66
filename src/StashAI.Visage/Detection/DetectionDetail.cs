namespace StashAI.Visage.Detection;

/// <summary>How closely a photo is searched for faces.</summary>
internal enum DetectionDetail
{
    /// <summary>The whole photo once; then in tiles if faces are small, and turned if no face is upright.</summary>
    Auto,

    /// <summary>The whole photo once: finds faces of at least 1/9 of the photo's height.</summary>
    Fast,

    /// <summary>In tiles, down to faces of about 20 pixels, and in all four orientations.</summary>
    Fine,
}
