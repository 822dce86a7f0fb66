namespace StashAI.Visage.Imaging;

/// <summary>Why bytes are not taken as a photo.</summary>
internal enum PhotoRefusal
{
    /// <summary>No format that can be read, or nothing of the picture can be decoded.</summary>
    NotAPicture,

    /// <summary>The header announces more pixels than the limit.</summary>
    TooManyPixels,
}
