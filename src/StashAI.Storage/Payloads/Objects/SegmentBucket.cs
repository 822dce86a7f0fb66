using Amazon.S3.Model;
using StashAI.Queue.Store;
using StashAI.Storage.Payloads.Segments;

namespace StashAI.Storage.Payloads.Objects;

/// <summary>
/// Segments as objects of a bucket. An object is there whole or not at all, never changes, and cannot have holes: its room comes back when
/// nothing of it is used any more.
/// </summary>
/// <param name="calls">The requests to the server; they are disposed with this.</param>
/// <param name="address">The bucket and the prefix of this queue.</param>
internal sealed class SegmentBucket(BucketCalls calls, S3Address address) : ISegmentPlace, IDisposable
{
    /// <summary>The end of the names of its objects.</summary>
    public const string ObjectExtension = ".obj";

    /// <summary>The object that the start writes, reads and removes to see whether it may.</summary>
    private const string CheckName = "access-check";

    public string Name => address.Name;

    public string Extension => ObjectExtension;

    public long RollSize { get; init; } = 256L * 1024 * 1024;

    /// <summary>
    /// The size of a part in bytes, of which an upload has one in memory. Servers refuse less than 5 MiB, and more than 10,000 parts.
    /// </summary>
    public int PartSize { get; init; } = 8 * 1024 * 1024;

    /// <summary>Makes a client, without a request.</summary>
    /// <param name="settings">The bucket that queues share.</param>
    /// <param name="queue">The name of the queue's folder in it.</param>
    /// <exception cref="StoreOpenException">There is no key.</exception>
    public static SegmentBucket Connect(S3Settings settings, string queue)
    {
        var address = settings.Address.Below(queue);
        try
        {
            return new SegmentBucket(new BucketCalls(S3Clients.Create(settings), address), address);
        }
        catch (Exception exception) when (S3Trouble.Of(exception, address) is { } trouble)
        {
            throw new StoreOpenException(trouble.Message, trouble.IsSetting, exception);
        }
    }

    /// <summary>Connects, and checks that everything that a queue does there is permitted.</summary>
    /// <param name="settings">The bucket that queues share.</param>
    /// <param name="queue">The name of the queue's folder in it.</param>
    /// <param name="cancellationToken">Ends the wait for the server.</param>
    /// <exception cref="StoreOpenException">It cannot be reached or used; the message says why.</exception>
    public static async Task<SegmentBucket> OpenAsync(S3Settings settings, string queue, CancellationToken cancellationToken)
    {
        var bucket = Connect(settings, queue);
        try
        {
            await bucket.CheckAsync(cancellationToken);
            return bucket;
        }
        catch (Exception exception)
        {
            bucket.Dispose();
            if (exception is not PayloadFileException { InnerException: { } inner }) throw;
            throw new StoreOpenException(
                exception.Message, S3Trouble.Of(inner, settings.Address) is not { IsSetting: false }, exception);
        }
    }

    public string PathOf(string segment) => $"{address.Name}/{segment}";

    public Task<ISegmentSink> CreateAsync(string segment) => Task.FromResult<ISegmentSink>(new ObjectSink(this, segment));

    public Task FlushNamesAsync() => Task.CompletedTask;

    public ISegmentSource Open(string segment) => new ObjectSource(this, segment);

    /// <summary>Objects have no holes.</summary>
    public Task FreeAsync(string segment, long offset, long length) => Task.CompletedTask;

    public async Task DeleteAsync(string segment, bool isBroken)
    {
        var key = KeyOf(segment);
        if (isBroken)
        {
            await foreach (var upload in calls.ListUploadsAsync(key, CancellationToken.None))
                if (upload.Key == key) await calls.AbortAsync(key, upload.UploadId, CancellationToken.None);
        }

        await calls.DeleteAsync(key, CancellationToken.None);
    }

    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        var (names, prefix) = (new HashSet<string>(StringComparer.Ordinal), KeyOf(""));
        await foreach (var key in calls.ListAsync(prefix, cancellationToken)) names.Add(key[prefix.Length..]);
        await foreach (var upload in calls.ListUploadsAsync(prefix, cancellationToken)) names.Add(upload.Key[prefix.Length..]);
        return [.. names.Where(name => name.EndsWith(Extension, StringComparison.Ordinal))];
    }

    /// <summary>No backup keeps objects: it names them.</summary>
    public IDisposable? TryShareRemoval() => new NoLock();

    public void Dispose() => calls.Dispose();

    /// <inheritdoc cref="BucketCalls.FindSizeAsync"/>
    internal Task<long?> FindSizeAsync(string segment, CancellationToken cancellationToken) =>
        calls.FindSizeAsync(KeyOf(segment), cancellationToken);

    /// <summary>Stores a whole object.</summary>
    internal Task PutAsync(string segment, ReadOnlyMemory<byte> bytes) => calls.PutAsync(KeyOf(segment), bytes, CancellationToken.None);

    /// <summary>Begins an upload in parts; returns its id.</summary>
    internal Task<string> BeginAsync(string segment) => calls.BeginAsync(KeyOf(segment), CancellationToken.None);

    /// <summary>Stores a part, counted from 1.</summary>
    internal Task<PartETag> PutPartAsync(string segment, string upload, int number, ReadOnlyMemory<byte> bytes) =>
        calls.PutPartAsync(KeyOf(segment), upload, number, bytes, CancellationToken.None);

    /// <summary>Makes an object of the parts.</summary>
    /// <param name="segment">Its name.</param>
    /// <param name="upload">The upload.</param>
    /// <param name="parts">Its parts, in order.</param>
    /// <param name="length">How many bytes they have.</param>
    /// <exception cref="UploadLostException">The upload was aborted: its node was taken for dead, or a person did it.</exception>
    internal async Task CompleteAsync(string segment, string upload, List<PartETag> parts, long length)
    {
        if (await calls.CompleteAsync(KeyOf(segment), upload, parts, CancellationToken.None)) return;
        // A request whose answer was lost is repeated, and finds that the upload is over.
        if (await FindSizeAsync(segment, CancellationToken.None) != length) throw new UploadLostException();
    }

    /// <summary>Removes the parts of an upload.</summary>
    internal Task AbortAsync(string segment, string upload) => calls.AbortAsync(KeyOf(segment), upload, CancellationToken.None);

    /// <inheritdoc cref="BucketCalls.GetAsync"/>
    internal Task<GetObjectResponse?> GetAsync(string segment, long offset, int length, CancellationToken cancellationToken) =>
        calls.GetAsync(KeyOf(segment), offset, length, cancellationToken);

    /// <summary>Explains an error that came while an answer was read; null for one that is not the server's.</summary>
    internal PayloadFileException? Explain(Exception exception) => calls.Explain(exception);

    private string KeyOf(string segment) => $"{address.Prefix}/{segment}";

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        var key = KeyOf(CheckName);
        await foreach (var _ in calls.ListAsync(key, cancellationToken)) break;
        await calls.PutAsync(key, "stashai"u8.ToArray(), cancellationToken);
        try
        {
            using var read = await calls.GetAsync(key, 0, 1, cancellationToken);
        }
        catch (PayloadLostException)
        {
            // Another process, which starts too, has removed it.
        }

        await calls.DeleteAsync(key, cancellationToken);
    }

    private sealed class NoLock : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
