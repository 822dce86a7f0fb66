using System.Collections.Concurrent;
using StashAI.Visage.Detection;
using StashAI.Visage.Imaging;
using StashAI.Visage.Inference;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Recognition;

/// <summary>
/// Limits the work: how many photos are analysed at once, how many requests wait, and how many bytes their bodies have in total. A request
/// is admitted before its body is read, so that memory is limited too.
/// </summary>
internal sealed class WorkGate(VisageOptions options, FaceModels models) : IDisposable
{
    /// <summary>The limit on the total size of admitted bodies, as a multiple of the largest body allowed.</summary>
    private const int MaxLargeBodies = 4;

    private readonly SemaphoreSlim slots = new(options.MaxConcurrency);
    private readonly ConcurrentBag<PhotoAnalyser> idle = [];
    private readonly PhotoDecoder decoder = new(options.MaxPixels);
    private readonly Lock admission = new();
    private int admitted;
    private long admittedBytes;
    private int busy;

    /// <summary>The number of jobs that are running now.</summary>
    public int Busy => Volatile.Read(ref busy);

    /// <summary>The number of admitted requests that are not running.</summary>
    public int Queued => Math.Max(0, Volatile.Read(ref admitted) - Busy);

    /// <summary>Admits a request; null when too many are waiting. Dispose the result when the request is done.</summary>
    /// <param name="bodyBytes">The length of its body; null when it is unknown, which counts as the largest body allowed.</param>
    public IDisposable? TryAdmit(long? bodyBytes = 0)
    {
        var bytes = Math.Min(bodyBytes ?? options.MaxBodyBytes, options.MaxBodyBytes);
        lock (admission)
        {
            if (admitted >= options.MaxConcurrency + options.MaxQueued || admittedBytes + bytes > MaxLargeBodies * options.MaxBodyBytes)
                return null;

            admitted++;
            admittedBytes += bytes;
            return new Admission(this, bytes);
        }
    }

    /// <exception cref="PhotoRefusedException">The bytes are not a usable picture.</exception>
    public Task<AnalysedPhoto> AnalyseAsync(ReadOnlyMemory<byte> file, CancellationToken cancellationToken) =>
        AnalyseAsync(file, DetectionDetail.Auto, cancellationToken);

    /// <exception cref="PhotoRefusedException">The bytes are not a usable picture.</exception>
    public Task<AnalysedPhoto> AnalyseAsync(ReadOnlyMemory<byte> file, DetectionDetail detail, CancellationToken cancellationToken) =>
        RunAsync(analyser => analyser.Analyse(file.Span, detail, cancellationToken), cancellationToken);

    /// <summary>A small JPEG of a photo, whatever its format.</summary>
    /// <param name="file">The photo.</param>
    /// <param name="edge">The longer edge of the JPEG, if the photo has as many pixels.</param>
    /// <param name="cancellationToken">Ends the waiting for a slot.</param>
    /// <exception cref="PhotoRefusedException">The bytes are not a usable picture.</exception>
    public Task<byte[]> PreviewAsync(ReadOnlyMemory<byte> file, int edge, CancellationToken cancellationToken) => RunAsync(
        _ =>
        {
            using var photo = decoder.Decode(file.Span);
            return PhotoEncoder.EncodeWhole(photo, edge);
        },
        cancellationToken);

    /// <summary>Runs some work as soon as a slot is free.</summary>
    public async Task<T> RunAsync<T>(Func<PhotoAnalyser, T> work, CancellationToken cancellationToken)
    {
        await slots.WaitAsync(cancellationToken);
        Interlocked.Increment(ref busy);
        try
        {
            // A dedicated thread: otherwise one photo per core would occupy all threads of the pool, and /health would wait for seconds.
            return await Task.Factory.StartNew(
                () => WithAnalyser(work), CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
                TaskScheduler.Default);
        }
        finally
        {
            Interlocked.Decrement(ref busy);
            slots.Release();
        }
    }

    public void Dispose()
    {
        foreach (var analyser in idle)
            analyser.Dispose();
        slots.Dispose();
    }

    private T WithAnalyser<T>(Func<PhotoAnalyser, T> work)
    {
        var analyser = idle.TryTake(out var used) ? used : new PhotoAnalyser(models, decoder);
        try
        {
            return work(analyser);
        }
        finally
        {
            idle.Add(analyser);
        }
    }

    private sealed class Admission(WorkGate gate, long bytes) : IDisposable
    {
        private bool isDisposed;

        public void Dispose()
        {
            lock (gate.admission)
            {
                if (isDisposed)
                    return;
                isDisposed = true;
                gate.admitted--;
                gate.admittedBytes -= bytes;
            }
        }
    }
}
