namespace StashAI.Storage.Sqlite;

/// <summary>How payloads are cut and numbered.</summary>
internal static class SqlitePayload
{
    /// <summary>The most bytes in a chunk: below 1 MB and a multiple of 3, so that chunks join as base64.</summary>
    public const int ChunkSize = 1024 * 1024 / 3 * 3;

    /// <summary>The id of a chunk: payload id * 2^16 + sequence.</summary>
    public static long ChunkKey(long payloadKey, int sequence) => (payloadKey << 16) + sequence;
}
