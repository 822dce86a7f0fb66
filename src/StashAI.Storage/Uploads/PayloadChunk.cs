namespace StashAI.Storage.Uploads;

/// <summary>How payloads are cut and numbered.</summary>
internal static class PayloadChunk
{
    /// <summary>The most bytes in a chunk: below 1 MB and a multiple of 3, so that chunks join as base64.</summary>
    public const int Size = 1024 * 1024 / 3 * 3;

    /// <summary>The id of a chunk: payload id * 2^16 + sequence.</summary>
    public static long Key(long payloadKey, int sequence) => (payloadKey << 16) + sequence;
}
