using StashAI.Queue.Store;
using StashAI.Storage.Payloads.Objects;

namespace StashAI.Storage.Backups;

/// <summary>The objects of a queue, of which a backup looks only at the sizes.</summary>
public sealed class NamedObjects : IDisposable
{
    private readonly SegmentBucket bucket;

    private NamedObjects(SegmentBucket bucket, S3Address address) => (this.bucket, Address) = (bucket, address);

    /// <summary>The bucket, as <c>PAYLOADS</c> names it; without a secret.</summary>
    public S3Address Address { get; }

    /// <summary>True for the name of an object, false for the name of a file.</summary>
    public static bool IsObject(string name) => name.EndsWith(SegmentBucket.ObjectExtension, StringComparison.Ordinal);

    /// <summary>Makes a client, without a request.</summary>
    /// <param name="settings">The bucket that queues share.</param>
    /// <param name="queue">The name of the queue in it.</param>
    /// <exception cref="StoreOpenException">There is no key; the message says so.</exception>
    public static NamedObjects Connect(S3Settings settings, string queue)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new NamedObjects(SegmentBucket.Connect(settings, queue), settings.Address);
    }

    /// <summary>The name of an object for people.</summary>
    public string PathOf(string name) => bucket.PathOf(name);

    /// <summary>How many bytes an object has; null when it is missing.</summary>
    /// <exception cref="PayloadFileException">The server cannot be asked; the message says why.</exception>
    public Task<long?> FindSizeAsync(string name, CancellationToken cancellationToken) => bucket.FindSizeAsync(name, cancellationToken);

    public void Dispose() => bucket.Dispose();
}
