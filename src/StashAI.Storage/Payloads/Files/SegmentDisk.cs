using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using StashAI.Streams.Files;

namespace StashAI.Storage.Payloads.Files;

/// <summary>
/// The folder of payload files and what is done with its files. Tests derive from it to fail at a step. Writing begins on the disk while
/// the rest of a body arrives, so that little is left for the flush.
/// </summary>
internal partial class SegmentDisk(string folder)
{
    private const int SyncFileRangeWrite = 2;
    private const int PunchHole = 2 | 1; // FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE

    public string Folder { get; } = Path.GetFullPath(folder);

    /// <summary>A file that is so long gets no further payload.</summary>
    public long RollSize { get; init; } = 256L * 1024 * 1024;

    public string PathOf(string file) => Path.Combine(Folder, file);

    /// <summary>Creates a file for writing, and the folder if it is missing.</summary>
    public virtual SafeFileHandle Create(string file)
    {
        if (!Directory.Exists(Folder)) CreateFolder();
        return File.OpenHandle(PathOf(file), FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
    }

    public virtual async ValueTask WriteAsync(SafeFileHandle handle, ReadOnlyMemory<byte> bytes, long offset)
    {
        await RandomAccess.WriteAsync(handle, bytes, offset);
        if (OperatingSystem.IsLinux()) _ = SyncFileRange(handle, offset, bytes.Length, SyncFileRangeWrite);
    }

    /// <summary>Returns when the bytes of the file are on the disk.</summary>
    public virtual void Flush(SafeFileHandle handle) => RandomAccess.FlushToDisk(handle);

    /// <summary>Returns when the names of new files are on the disk.</summary>
    public virtual void FlushFolder() => FlushedFolder.Flush(Folder);

    /// <exception cref="IOException">It is missing, may not be read, or is not a regular file.</exception>
    public SafeFileHandle OpenRead(string file)
    {
        var path = PathOf(file);
        if (File.Exists(path) && RegularFile.ReasonToRefuse(path) is { } reason) throw new IOException($"It {reason}");
        return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);
    }

    /// <summary>
    /// Gives the room of some bytes back where the file system can; the rest of the file stays as it is. A file with a second name, in a
    /// backup, stays whole.
    /// </summary>
    public virtual void Free(string file, long offset, long length)
    {
        if (!OperatingSystem.IsLinux() || HardLink.CountOf(PathOf(file)) > 1) return;
        try
        {
            using var handle = File.OpenHandle(PathOf(file), FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            // A file system without holes gives the room back with the file.
            _ = Allocate(handle, PunchHole, offset, length);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // The file is gone, and its room with it.
        }
    }

    /// <summary>Removes a file; a missing one is fine.</summary>
    public virtual void Delete(string file)
    {
        try
        {
            File.Delete(PathOf(file));
        }
        catch (DirectoryNotFoundException)
        {
            // The folder is gone, and the file with it.
        }
    }

    /// <summary>The names of all files of payloads.</summary>
    public virtual IReadOnlyList<string> List() => Directory.Exists(Folder)
        ? [.. Directory.EnumerateFiles(Folder, "*" + SegmentName.Extension).Select(path => Path.GetFileName(path))]
        : [];

    private void CreateFolder()
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(Folder);
        else Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        FlushedFolder.Flush(Path.GetDirectoryName(Folder)!);
    }

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Allocate(SafeFileHandle file, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "sync_file_range", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SyncFileRange(SafeFileHandle file, long offset, long length, uint flags);
}
