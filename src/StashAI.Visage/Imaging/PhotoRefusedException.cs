namespace StashAI.Visage.Imaging;

/// <summary>The bytes cannot be used as a photo; the message says why, in words for the sender.</summary>
internal sealed class PhotoRefusedException(PhotoRefusal refusal, string message) : Exception(message)
{
    public PhotoRefusal Refusal => refusal;
}
