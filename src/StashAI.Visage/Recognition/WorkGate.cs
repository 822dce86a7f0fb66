using System.Collections.Concurrent;
using StashAI.Visage.Detection;
using StashAI.Visage.Imaging;
using StashAI.Visage.Inference;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Recognition;

/// <summary>
/// Bounds the work: a fixed number of photos at once, a fixed number of requests waiting, a fixed number of bytes in their
/// bodies. A request is let in before its body is read, so that memory is bounded too.
/// </summary>
internal sealed class WorkGate(VisageOptions options, FaceModels models) : IDisposable
{
    /// <summary>So many of the largest bodies may be inside at once; of smaller ones accordingly more.</summary>
    private const int BodiesAtOnce = 4;

    private readonly SemaphoreSlim slots = new(options.MaxConcurrency);
    private readonly ConcurrentBag<FaceWorkbench> idle = [];
    private readonly PhotoDecoder decoder = new(options.MaxPixels);
    private readonly Lock admission = new();
    private int admitted;
    private long admittedBytes;
    private int busy;

    /// <summary>Photos that are worked on now.</summary>
    public int Busy => Volatile.Read(ref busy);

    /// <summary>Requests that are inside and not worked on.</summary>
    public int Queued => Math.Max(0, Volatile.Read(ref admitted) - Busy);

    /// <summary>Lets a request in, or answers null when as many wait as may wait. Dispose it when the request is done.</summary>
    /// <param name="bodyBytes">The length of its body; null when it is not announced, which counts as the largest there may be.</param>
    public IDisposable? TryAdmit(long? bodyBytes = 0)
    {
        var bytes = Math.Min(bodyBytes ?? options.MaxBodyBytes, options.MaxBodyBytes);
        lock (admission)
        {
            if (admitted >= options.MaxConcurrency + options.MaxQueued || admittedBytes + bytes > BodiesAtOnce * options.MaxBodyBytes)
                return null;

            admitted++;
            admittedBytes += bytes;
            return new Admission(this, bytes);
        }
    }

    /// <exception cref="PhotoRefusedException">The bytes are no usable picture.</exception>
    public Task<AnalysedPhoto> AnalyseAsync(ReadOnlyMemory<byte> file, CancellationToken cancellationToken) =>
        AnalyseAsync(file, DetectionDetail.Auto, cancellationToken);

    /// <exception cref="PhotoRefusedException">The bytes are no usable picture.</exception>
    public Task<AnalysedPhoto> AnalyseAsync(ReadOnlyMemory<byte> file, DetectionDetail detail, CancellationToken cancellationToken) =>
        WorkAsync(workbench => workbench.Analyse(file.Span, detail, cancellationToken), cancellationToken);

    /// <summary>Does some work as soon as a place is free.</summary>
    public async Task<T> WorkAsync<T>(Func<FaceWorkbench, T> work, CancellationToken cancellationToken)
    {
        await slots.WaitAsync(cancellationToken);
        Interlocked.Increment(ref busy);
        try
        {
            // A thread of its own: as many photos as cores would take all threads of the pool, and /health would wait for seconds.
            return await Task.Factory.StartNew(
                () => WithWorkbench(work), CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        }
        finally
        {
            Interlocked.Decrement(ref busy);
            slots.Release();
        }
    }

    public void Dispose()
    {
        foreach (var workbench in idle)
            workbench.Dispose();
        slots.Dispose();
    }

    private T WithWorkbench<T>(Func<FaceWorkbench, T> work)
    {
        var workbench = idle.TryTake(out var used) ? used : new FaceWorkbench(models, decoder);
        try
        {
            return work(workbench);
        }
        finally
        {
            idle.Add(workbench);
        }
    }

    private sealed class Admission(WorkGate gate, long bytes) : IDisposable
    {
        private bool isGone;

        public void Dispose()
        {
            lock (gate.admission)
            {
                if (isGone)
                    return;
                isGone = true;
                gate.admitted--;
                gate.admittedBytes -= bytes;
            }
        }
    }
}
