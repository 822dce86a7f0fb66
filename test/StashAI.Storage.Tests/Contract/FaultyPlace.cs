using StashAI.Queue.Store;
using StashAI.Storage.Payloads.Segments;

namespace StashAI.Storage.Tests.Contract;

/// <summary>
/// A fake: a real place of segments that fails at one step, or whose process ends there. The step is then done or not. After the end of the
/// process, no further step is done.
/// </summary>
internal sealed class FaultyPlace(ISegmentPlace inner) : ISegmentPlace
{
    /// <summary>The step that fails, from 1.</summary>
    public int FailAt { get; init; }

    /// <summary>True when the failing step is done all the same.</summary>
    public bool IsDone { get; init; }

    /// <summary>What happens: the place is full for one moment, or the process ends.</summary>
    public bool IsEnd { get; init; }

    /// <summary>How many steps were begun.</summary>
    public int Steps { get; private set; }

    /// <summary>True when it is the removal of a segment that failed.</summary>
    public bool HasKeptSegment { get; private set; }

    /// <summary>True from the failure on.</summary>
    public bool HasFailed => FailAt > 0 && Steps >= FailAt;

    public string Name => inner.Name;

    public string Extension => inner.Extension;

    public long RollSize => inner.RollSize;

    public string PathOf(string segment) => inner.PathOf(segment);

    public async Task<ISegmentSink> CreateAsync(string segment)
    {
        ISegmentSink? sink = null;
        try
        {
            await RunAsync(async () => sink = await inner.CreateAsync(segment));
            return new Sink(this, sink!);
        }
        catch
        {
            sink?.Dispose();
            throw;
        }
    }

    public Task FlushNamesAsync() => RunAsync(inner.FlushNamesAsync);

    public ISegmentSource Open(string segment) => inner.Open(segment);

    public Task FreeAsync(string segment, long offset, long length) => RunAsync(() => inner.FreeAsync(segment, offset, length));

    public Task DeleteAsync(string segment, bool isBroken) => RemoveAsync(() => inner.DeleteAsync(segment, isBroken));

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

    public IDisposable? TryShareRemoval() => inner.TryShareRemoval();

    private Task RemoveAsync(Func<Task> step)
    {
        HasKeptSegment |= Steps + 1 == FailAt;
        return RunAsync(step);
    }

    private async Task RunAsync(Func<Task> step)
    {
        if (!Fails())
        {
            await step();
            return;
        }

        if (IsDone) await step();
        throw Error();
    }

    private bool Fails()
    {
        if (IsEnd && HasFailed) throw new EndOfProcessException();
        return ++Steps == FailAt;
    }

    private Exception Error() => IsEnd ? new EndOfProcessException() : new PayloadFileException("It is full.", isDiskFull: true);

    private sealed class Sink(FaultyPlace place, ISegmentSink inner) : ISegmentSink
    {
        public bool IsComplete => inner.IsComplete;

        public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes)
        {
            // A write that fails may have written a part.
            var fails = place.Fails();
            await inner.AppendAsync(fails && !place.IsDone ? bytes[..(bytes.Length / 2)] : bytes);
            if (fails) throw place.Error();
        }

        public Task FlushAsync() => place.RunAsync(inner.FlushAsync);

        public Task DiscardAsync() => place.RemoveAsync(inner.DiscardAsync);

        public void Dispose() => inner.Dispose();
    }
}

/// <summary>The process ended here; what follows would not have run.</summary>
internal sealed class EndOfProcessException : Exception;
