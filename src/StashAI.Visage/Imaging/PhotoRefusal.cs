namespace StashAI.Visage.Imaging;

/// <summary>Why a file is refused as a photo.</summary>
internal enum PhotoRefusal
{
    /// <summary>The format is not supported, or nothing of the picture can be decoded.</summary>
    NotAPicture,

    /// <summary>The header declares more pixels than the limit.</summary>
    TooManyPixels,
}
