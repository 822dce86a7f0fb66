namespace StashAI.Sdk;

/// <summary>
/// The memory that the answers of all running calls of a process share. A call asks for it before it holds a large answer or a downloaded
/// file, and so waits where others hold much; what it has is given back when its outcome is recorded.
/// </summary>
public interface ICallMemory
{
    /// <summary>Up to so many bytes of an answer need not be asked for: 64 KB.</summary>
    const int FreeBytes = 64 * 1024;

    /// <summary>
    /// Waits until so many more bytes fit. One call of the process always goes on, so calls that wait for each other do not wait for ever.
    /// The time limit of the attempt does not run meanwhile.
    /// </summary>
    /// <param name="bytes">The bytes that the call is about to hold besides those that it has.</param>
    /// <param name="cancellationToken">Ends the wait; nothing more was taken then.</param>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    ValueTask TakeAsync(long bytes, CancellationToken cancellationToken);
}
