namespace StashAI.Visage.Imaging;

/// <summary>The bytes cannot be used as a photo. The message says why; it continues a sentence that names the photo.</summary>
internal sealed class PhotoRefusedException(PhotoRefusal refusal, string message) : Exception(message)
{
    public PhotoRefusal Refusal => refusal;
}
