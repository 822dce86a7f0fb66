using StashAI.Storage.Payloads.Files;
using StashAI.Storage.Payloads.Segments;
using StashAI.Testing.Objects;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Where a host keeps large parts.</summary>
public enum PayloadKind
{
    Rows,
    Files,

    /// <summary>Objects of a scripted S3 server.</summary>
    Objects,
}

/// <summary>The large parts of one host: in rows, in files of a folder or in objects.</summary>
internal sealed class PayloadKeeping(PayloadKind kind, Func<string> folder) : IAsyncDisposable
{
    private readonly SemaphoreSlim starting = new(1);
    private readonly List<IDisposable> buckets = [];
    private ScriptedS3? server;

    /// <summary>Small parts are allowed, so that little bytes make several.</summary>
    public long RollSize { get; set; } = 256L * 1024 * 1024;

    public int PartSize { get; set; } = 100_000;

    /// <summary>What stands between a store and the place, for faults.</summary>
    public Func<ISegmentPlace, ISegmentPlace>? Wrap { get; set; }

    /// <summary>What is stored; null in rows.</summary>
    public ISegmentShelf? Shelf => kind switch
    {
        PayloadKind.Files => new FolderShelf(folder()),
        PayloadKind.Objects => new BucketShelf(server!),
        _ => null,
    };

    /// <summary>A place for one store; null in rows.</summary>
    public async Task<ISegmentPlace?> OpenAsync(CancellationToken cancellationToken)
    {
        if (kind == PayloadKind.Rows) return null;
        ISegmentPlace place;
        if (kind == PayloadKind.Files)
        {
            place = new SegmentDisk(folder()) { RollSize = RollSize };
        }
        else
        {
            var bucket = BucketShelf.Connect(await ServerAsync(cancellationToken), RollSize, PartSize);
            lock (buckets) buckets.Add(bucket);
            place = bucket;
        }

        return Wrap?.Invoke(place) ?? place;
    }

    public async Task<ScriptedS3> ServerAsync(CancellationToken cancellationToken)
    {
        await starting.WaitAsync(cancellationToken);
        try
        {
            return server ??= await ScriptedS3.StartAsync(minPart: 1, cancellationToken);
        }
        finally
        {
            starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        starting.Dispose();
        foreach (var bucket in buckets) bucket.Dispose();
        if (server is not null) await server.DisposeAsync();
    }
}
