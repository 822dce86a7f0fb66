using System.Collections.Concurrent;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Wire.Previews;

/// <summary>Makes and stores previews of photos. Each is made once, and few at a time to limit memory.</summary>
internal sealed class PreviewShelf(
    IRead store, IPreviews previews, IPictureConverter converter, PreviewPace pace, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim turns = new(2);
    private readonly ConcurrentDictionary<long, Lazy<Task<byte[]?>>> making = new();
    private volatile bool isStopped;

    /// <summary>Begins the waiting time of one answer.</summary>
    public PreviewWait BeginAnswer() => new(pace.PerAnswer);

    /// <summary>The preview as JPEG; empty when there can be none; null when it was not made within the waiting time.</summary>
    public async Task<byte[]?> ReadAsync(PayloadRef payload, PreviewWait wait, CancellationToken cancellationToken)
    {
        if (await previews.ReadPreviewAsync(payload.Key, cancellationToken) is { } kept) return kept;
        if (wait.Left <= TimeSpan.Zero) return null;
        var began = clock.GetTimestamp();
        try
        {
            return await MakeAsync(payload).WaitAsync(wait.Left, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            wait.Left -= clock.GetElapsedTime(began);
        }
    }

    /// <summary>Makes and stores a preview; concurrent callers share the work. Null when the photo was removed or cannot be read.</summary>
    public async Task<byte[]?> MakeAsync(PayloadRef payload)
    {
        if (isStopped) return null;
        var work = making.GetOrAdd(payload.Key, (_, part) => new Lazy<Task<byte[]?>>(() => MakeOnceAsync(part)), payload);
        try
        {
            return await work.Value;
        }
        finally
        {
            making.TryRemove(new KeyValuePair<long, Lazy<Task<byte[]?>>>(payload.Key, work));
        }
    }

    /// <summary>Starts nothing more, and waits for work in progress, before the database is closed.</summary>
    public async Task StopAsync()
    {
        isStopped = true;
        await Task.WhenAll(making.Values.Select(work => work.Value));
    }

    public void Dispose() => turns.Dispose();

    private async Task<byte[]?> MakeOnceAsync(PayloadRef payload)
    {
        try
        {
            await turns.WaitAsync();
            try
            {
                // Another gateway or an earlier call may have made it.
                if (await previews.ReadPreviewAsync(payload.Key, CancellationToken.None) is { } kept) return kept;
                // Without a face service that can make it there is none for now; the next read tries again.
                if (await PreviewReader.ReadAsync(store, converter, payload, CancellationToken.None) is not { } jpeg) return [];
                await previews.SavePreviewAsync(payload.Key, jpeg, CancellationToken.None);
                return jpeg;
            }
            finally
            {
                turns.Release();
            }
        }
        catch (Exception exception) when (exception is PayloadLostException || StoreFailure.Is(exception))
        {
            // The photo was removed, or the database cannot be written: the next read tries again.
            return null;
        }
    }
}

/// <summary>The remaining time that one answer waits for previews.</summary>
internal sealed class PreviewWait(TimeSpan left)
{
    public TimeSpan Left { get; set; } = left;
}
