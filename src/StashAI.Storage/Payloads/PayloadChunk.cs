namespace StashAI.Storage.Payloads;

/// <summary>How payloads are split into chunks.</summary>
internal static class PayloadChunk
{
    /// <summary>The most bytes in a chunk: at most 1 MB, and a multiple of 3, so that the chunks' base64 can be concatenated.</summary>
    public const int Size = 1024 * 1024 / 3 * 3;

    /// <summary>The key of a chunk: payload key * 2^16 + sequence.</summary>
    public static long Key(long payloadKey, int sequence) => (payloadKey << 16) + sequence;
}
