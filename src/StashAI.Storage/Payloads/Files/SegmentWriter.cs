using Microsoft.Win32.SafeHandles;
using StashAI.Queue.Store;

namespace StashAI.Storage.Payloads.Files;

/// <summary>
/// The files of one upload: bytes are only appended. A failed write or flush makes all later calls fail, because what the disk has is
/// unknown then.
/// </summary>
internal sealed class SegmentWriter(SegmentDisk disk, long nodeKey) : IDisposable
{
    private readonly Guid upload = Guid.NewGuid();
    private readonly List<SegmentFile> files = [];
    private PayloadFileException? failure;
    private bool isFolderFlushed;

    /// <summary>True when there is a file.</summary>
    public bool HasFiles => files.Count > 0;

    /// <summary>The file that the next payload goes to, behind bytes that are still to be written; null for a file to come.</summary>
    public SegmentFile? NextFile(long unwritten) => files is [.., var last] && last.Length + unwritten < disk.RollSize ? last : null;

    /// <summary>Begins a file. The one before is complete: it is flushed and closed, so that a large upload has one open file.</summary>
    public Task RollAsync() => Task.Run(Roll);

    private void Roll()
    {
        if (HasFiles)
        {
            Try(() => Flush(files[^1]));
            files[^1].Handle.Dispose();
        }

        var name = SegmentName.Of(nodeKey, upload, files.Count);
        try
        {
            Try(() => files.Add(new SegmentFile(name, disk.Create(name))));
            isFolderFlushed = false;
        }
        catch (PayloadFileException)
        {
            // A full disk may have the name of the file and no room for more.
            Try(() => disk.Delete(name), isRemoval: true);
            throw;
        }
    }

    /// <summary>Appends bytes to the last file.</summary>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes)
    {
        if (failure is not null) throw failure;
        if (bytes.IsEmpty) return;
        try
        {
            await disk.WriteAsync(files[^1].Handle, bytes, files[^1].Length);
            files[^1].Length += bytes.Length;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw failure = Explain(exception);
        }
    }

    /// <summary>Returns when all bytes, and the names of the files, are on the disk.</summary>
    public Task FlushAsync() => !HasFiles && failure is null ? Task.CompletedTask : Task.Run(() => Try(() =>
    {
        foreach (var file in files.Where(file => file.Flushed != file.Length)) Flush(file);
        if (!isFolderFlushed) disk.FlushFolder();
        isFolderFlushed = true;
    }));

    /// <summary>Removes the files. Only for an upload that can never be committed.</summary>
    public void Delete() => Try(() =>
    {
        foreach (var file in files)
        {
            file.Handle.Dispose();
            disk.Delete(file.Name);
        }

        files.Clear();
    }, isRemoval: true);

    public void Dispose()
    {
        foreach (var file in files) file.Handle.Dispose();
    }

    private void Flush(SegmentFile file)
    {
        disk.Flush(file.Handle);
        file.Flushed = file.Length;
    }

    private void Try(Action action, bool isRemoval = false)
    {
        if (failure is not null && !isRemoval) throw failure;
        try
        {
            action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw failure = Explain(exception);
        }
    }

    private PayloadFileException Explain(Exception exception)
    {
        var isFull = exception is IOException && SegmentErrors.IsDiskFull(exception);
        return new PayloadFileException(
            isFull
                ? $"The disk of {disk.Folder} is full: free some space."
                : $"Payloads cannot be written to {disk.Folder} ({exception.Message.TrimEnd('.')}): check the folder and its disk.",
            isFull,
            exception);
    }
}

/// <summary>A file that an upload writes.</summary>
internal sealed class SegmentFile(string name, SafeFileHandle handle)
{
    public string Name { get; } = name;

    public SafeFileHandle Handle { get; } = handle;

    /// <summary>How many bytes were written.</summary>
    public long Length { get; set; }

    /// <summary>How many of them are on the disk for certain.</summary>
    public long Flushed { get; set; }

    /// <summary>The key of its row, once that is committed.</summary>
    public long? Key { get; set; }
}
