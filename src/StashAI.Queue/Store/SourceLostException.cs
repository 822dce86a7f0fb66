namespace StashAI.Queue.Store;

/// <summary>The items of a job cannot be copied any more, because the job or their binary parts were removed.</summary>
public sealed class SourceLostException(bool isTrimmed) : Exception(isTrimmed
    ? "The binary parts of completed items were removed by retention; submit them again."
    : "The job was removed while its items were copied.")
{
    /// <summary>True when only the binary parts of completed tasks are missing.</summary>
    public bool IsTrimmed { get; } = isTrimmed;
}
