namespace StashAI.Queue.Services;

/// <summary>Receives the answer of one attempt at a task while it arrives.</summary>
public interface IAnswerReceiver
{
    /// <summary>Adds a piece; a slow receiver holds the call up.</summary>
    ValueTask AddAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken);

    /// <summary>Ends the answer, before the outcome of the attempt is stored.</summary>
    /// <param name="isWhole">False for an answer that broke off or is not valid.</param>
    void End(bool isWhole);
}
