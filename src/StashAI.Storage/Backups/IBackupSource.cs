namespace StashAI.Storage.Backups;

/// <summary>A queue that is backed up while processes may work on it. Reading it changes nothing.</summary>
public interface IBackupSource : IAsyncDisposable
{
    /// <summary>The folder of the queue's payload files; null for none. It may not exist.</summary>
    string? PayloadFolder { get; }

    /// <summary>The objects of the queue; null when no bucket is given.</summary>
    NamedObjects? Objects { get; }

    /// <summary>The name of the newest migration of the database, such as <c>0030_figures.sql</c>.</summary>
    string Schema { get; }

    /// <summary>
    /// What tells the queue from others, drawn at random when it was created; null for one that is older than such names.
    /// </summary>
    string? QueueId { get; }

    /// <summary>Keeps all processes from removing payload files until the result is disposed; null while one is removing some.</summary>
    /// <exception cref="IOException">The lock cannot be opened or created.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not open it.</exception>
    IDisposable? TryHoldPayloads();

    /// <summary>
    /// Copies the database as it is at this moment, if it is a file; false, and nothing is copied, when it is on a server.
    /// </summary>
    /// <param name="target">The file to create.</param>
    /// <param name="progress">Is told how many pages are copied, and how many there are.</param>
    /// <param name="cancellationToken">Stops the copy; a part of it may be left.</param>
    Task<bool> SnapshotAsync(string target, Action<int, int>? progress, CancellationToken cancellationToken);

    /// <summary>
    /// The payloads in files and objects of committed jobs, in the order of their names and offsets: those of the snapshot, or those of now
    /// when the database is on a server.
    /// </summary>
    IAsyncEnumerable<NamedPayload> ListPayloadsAsync(CancellationToken cancellationToken);

    /// <summary>True while the living database still names the payload.</summary>
    Task<bool> IsNamedAsync(NamedPayload payload, CancellationToken cancellationToken);
}
