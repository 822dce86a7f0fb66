namespace StashAI.Queue.Model.Uploads;

/// <summary>What became of a chunk.</summary>
public enum ChunkOutcome
{
    /// <summary>It is stored, or was before.</summary>
    Stored,

    /// <summary>There is no such upload.</summary>
    Unknown,

    /// <summary>The upload is a job already.</summary>
    Committed,

    /// <summary>It begins behind the bytes that are stored.</summary>
    Gap,

    /// <summary>Other bytes are stored at its place.</summary>
    Different,

    /// <summary>It goes beyond the declared size of the body.</summary>
    TooLong,

    /// <summary>The caller's open uploads would have too many bytes.</summary>
    OverLimit,
}

/// <summary>What became of a chunk, and where the next one begins.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Received">The bytes that are stored, from the beginning.</param>
public readonly record struct ChunkResult(ChunkOutcome Outcome, long Received);
