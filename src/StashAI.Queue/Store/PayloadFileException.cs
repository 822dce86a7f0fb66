namespace StashAI.Queue.Store;

/// <summary>The files of payloads cannot be written or read for now. The message names the file or the folder, and says why.</summary>
/// <param name="isDiskFull">True when their disk is full.</param>
public sealed class PayloadFileException(string message, bool isDiskFull, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>True when the disk of the files is full.</summary>
    public bool IsDiskFull { get; } = isDiskFull;
}
