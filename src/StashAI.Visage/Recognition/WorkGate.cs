using System.Collections.Concurrent;
using StashAI.Visage.Detection;
using StashAI.Visage.Imaging;
using StashAI.Visage.Inference;

namespace StashAI.Visage.Recognition;

/// <summary>
/// Bounds the work: a fixed number of photos at once, a fixed number of requests waiting. A request is let in before its
/// body is read, so that memory is bounded too.
/// </summary>
internal sealed class WorkGate(VisageOptions options, FaceModels models) : IDisposable
{
    private readonly SemaphoreSlim slots = new(options.MaxConcurrency);
    private readonly ConcurrentBag<FaceWorkbench> idle = [];
    private readonly PhotoDecoder decoder = new(options.MaxPixels);
    private int admitted;
    private int busy;

    /// <summary>Photos that are worked on now.</summary>
    public int Busy => Volatile.Read(ref busy);

    /// <summary>Requests that are inside and not worked on.</summary>
    public int Queued => Math.Max(0, Volatile.Read(ref admitted) - Busy);

    /// <summary>Lets a request in, or answers null when as many wait as may wait. Dispose it when the request is done.</summary>
    public IDisposable? TryAdmit()
    {
        if (Interlocked.Increment(ref admitted) <= options.MaxConcurrency + options.MaxQueued)
            return new Admission(this);

        Interlocked.Decrement(ref admitted);
        return null;
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
        var workbench = idle.TryTake(out var used) ? used : new FaceWorkbench(models, decoder);
        try
        {
            return work(workbench);
        }
        finally
        {
            idle.Add(workbench);
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

    private sealed class Admission(WorkGate gate) : IDisposable
    {
        private int isGone;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isGone, 1) == 0)
                Interlocked.Decrement(ref gate.admitted);
        }
    }
}
