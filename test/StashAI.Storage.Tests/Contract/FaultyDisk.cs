using Microsoft.Win32.SafeHandles;
using StashAI.Storage.Payloads.Files;

namespace StashAI.Storage.Tests.Contract;

/// <summary>
/// A fake: a real folder of payload files whose disk fails at one step, or whose process ends there. The step is then done or not. After
/// the end of the process, no further step is done.
/// </summary>
internal sealed class FaultyDisk(string folder) : SegmentDisk(folder)
{
    /// <summary>The step that fails, from 1.</summary>
    public int FailAt { get; init; }

    /// <summary>True when the failing step is done all the same.</summary>
    public bool IsDone { get; init; }

    /// <summary>What happens: the disk is full for one moment, or the process ends.</summary>
    public bool IsEnd { get; init; }

    /// <summary>How many steps were begun.</summary>
    public int Steps { get; private set; }

    /// <summary>True when it is the removal of a file that failed.</summary>
    public bool HasKeptFile { get; private set; }

    /// <summary>True from the failure on.</summary>
    public bool HasFailed => FailAt > 0 && Steps >= FailAt;

    public override SafeFileHandle Create(string file) => Run(() => base.Create(file));

    public override async ValueTask WriteAsync(SafeFileHandle handle, ReadOnlyMemory<byte> bytes, long offset)
    {
        // A write that fails may have written a part.
        if (Fails())
        {
            await base.WriteAsync(handle, IsDone ? bytes : bytes[..(bytes.Length / 2)], offset);
            throw Error();
        }

        await base.WriteAsync(handle, bytes, offset);
    }

    public override void Flush(SafeFileHandle handle) => Run(() => base.Flush(handle));

    public override void FlushFolder() => Run(base.FlushFolder);

    public override void Free(string file, long offset, long length) => Run(() => base.Free(file, offset, length));

    public override void Delete(string file)
    {
        HasKeptFile |= Steps + 1 == FailAt;
        Run(() => base.Delete(file));
    }

    private void Run(Action step) => Run(() =>
    {
        step();
        return 0;
    });

    private T Run<T>(Func<T> step)
    {
        if (!Fails()) return step();
        if (IsDone && step() is IDisposable open) open.Dispose();
        throw Error();
    }

    private bool Fails()
    {
        if (IsEnd && HasFailed) throw new EndOfProcessException();
        return ++Steps == FailAt;
    }

    private Exception Error() => IsEnd ? new EndOfProcessException() : new IOException("No space left on device", 28 /* ENOSPC */);
}

/// <summary>The process ended here; what follows would not have run.</summary>
internal sealed class EndOfProcessException : Exception;
