using System.IO.MemoryMappedFiles;

namespace StashAI.Storage.Sqlite.Upkeep;

/// <summary>
/// Notes which tasks' calls have begun, in a file that is mapped into memory. A note costs one write to memory, and survives when the
/// process is killed. The file holds the number of calls without a note, for which there was no place, and then one task key, or 0, per
/// place.
/// </summary>
internal sealed class CallNotes : IDisposable
{
    private const int Places = 8191;
    private const int Bytes = (Places + 1) * sizeof(long);

    private readonly Lock gate = new();
    private readonly Stack<int> free = new(Enumerable.Range(1, Places).Reverse());
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private long callsWithoutNote;
    private bool isDisposed;

    public CallNotes(FileStream stream)
    {
        // Written, not just extended: a hole in the file on a full disk would kill the process at the first note.
        stream.Position = 0;
        stream.Write(new byte[Bytes]);
        stream.Flush(flushToDisk: true);
        file = MemoryMappedFile.CreateFromFile(
            stream, null, Bytes, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        view = file.CreateViewAccessor();
    }

    /// <summary>The tasks whose calls had begun; null when unknown.</summary>
    public static HashSet<long>? Read(FileStream stream)
    {
        if (stream.Length != Bytes) return null;
        var bytes = new byte[Bytes];
        stream.Position = 0;
        stream.ReadExactly(bytes);
        var keys = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(bytes.AsSpan());
        if (keys[0] != 0) return null;
        var begun = new HashSet<long>();
        foreach (var key in keys[1..])
        {
            if (key != 0) begun.Add(key);
        }

        return begun;
    }

    public int Begin(long taskKey)
    {
        lock (gate)
        {
            if (isDisposed) return -1;
            if (free.TryPop(out var place)) view.Write((long)place * sizeof(long), taskKey);
            else view.Write(0, ++callsWithoutNote);
            return place;
        }
    }

    public void End(int note)
    {
        lock (gate)
        {
            if (isDisposed || note < 0) return;
            view.Write((long)note * sizeof(long), note == 0 ? --callsWithoutNote : 0L);
            if (note > 0) free.Push(note);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            if (isDisposed) return;
            isDisposed = true;
            view.Dispose();
            file.Dispose();
        }
    }
}
