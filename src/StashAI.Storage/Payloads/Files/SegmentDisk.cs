using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using StashAI.Queue.Store;
using StashAI.Storage.Payloads.Segments;
using StashAI.Streams.Files;

namespace StashAI.Storage.Payloads.Files;

/// <summary>
/// Segments as files of a folder. Writing begins on the disk while the rest of a body arrives, so that little is left for the flush.
/// </summary>
internal sealed partial class SegmentDisk(string folder) : ISegmentPlace
{
    /// <summary>The end of the names of its files.</summary>
    public const string FileExtension = ".seg";

    private const int SyncFileRangeWrite = 2;
    private const int PunchHole = 2 | 1; // FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE

    public string Folder { get; } = Path.GetFullPath(folder);

    public string Name => Folder;

    public string Extension => FileExtension;

    public long RollSize { get; init; } = 256L * 1024 * 1024;

    public string PathOf(string segment) => Path.Combine(Folder, segment);

    /// <summary>Creates a file, and the folder if it is missing.</summary>
    public async Task<ISegmentSink> CreateAsync(string segment)
    {
        ISegmentSink? sink = null;
        await RunAsync(() => sink = new DiskSink(this, segment, Create(segment)));
        return sink!;
    }

    public Task FlushNamesAsync() => RunAsync(() => FlushedFolder.Flush(Folder));

    public ISegmentSource Open(string segment)
    {
        var path = PathOf(segment);
        try
        {
            if (File.Exists(path) && RegularFile.ReasonToRefuse(path) is { } reason) throw new IOException($"It {reason}");
            return new DiskSource(
                path,
                File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous));
        }
        catch (FileNotFoundException exception)
        {
            throw SegmentErrors.Lost(path, "is missing", exception);
        }
        catch (DirectoryNotFoundException exception)
        {
            // Perhaps the disk is not mounted yet, so that it is tried again.
            throw new PayloadFileException(
                $"{path} cannot be read because {Folder} is missing: mount it, or put it back from a backup.",
                isDiskFull: false,
                exception);
        }
        catch (Exception exception) when (DiskErrors.IsOfDisk(exception))
        {
            throw DiskErrors.Unreadable(path, exception);
        }
    }

    public Task FreeAsync(string segment, long offset, long length) => RunAsync(() => Free(segment, offset, length));

    public Task DeleteAsync(string segment, bool isBroken) => RunAsync(() => Delete(segment));

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) => Task.Run(List, cancellationToken);

    public IDisposable? TryShareRemoval() => RemovalLock.TryShare(Folder);

    /// <summary>Writes, and lets the disk begin with it.</summary>
    internal static async ValueTask WriteAsync(SafeFileHandle handle, ReadOnlyMemory<byte> bytes, long offset)
    {
        await RandomAccess.WriteAsync(handle, bytes, offset);
        if (OperatingSystem.IsLinux()) _ = SyncFileRange(handle, offset, bytes.Length, SyncFileRangeWrite);
    }

    /// <summary>Removes a file; a missing one is fine.</summary>
    internal void Delete(string file)
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

    /// <summary>Does something with the disk outside of the caller's thread.</summary>
    /// <exception cref="PayloadFileException">The disk refuses it.</exception>
    internal async Task RunAsync(Action step)
    {
        try
        {
            await Task.Run(step);
        }
        catch (Exception exception) when (DiskErrors.IsOfDisk(exception))
        {
            throw DiskErrors.Unwritable(Folder, exception);
        }
    }

    private SafeFileHandle Create(string file)
    {
        if (!Directory.Exists(Folder)) CreateFolder();
        return File.OpenHandle(PathOf(file), FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
    }

    /// <summary>Makes a hole. A file with a second name, in a backup, stays whole.</summary>
    private void Free(string file, long offset, long length)
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

    private IReadOnlyList<string> List() => Directory.Exists(Folder)
        ? [.. Directory.EnumerateFiles(Folder, "*" + FileExtension).Select(path => Path.GetFileName(path))]
        : [];

    private void CreateFolder()
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(Folder);
        else Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        FlushedFolder.Flush(Path.GetDirectoryName(Folder)!);
    }

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int Allocate(SafeFileHandle file, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "sync_file_range", SetLastError = true)]
    private static partial int SyncFileRange(SafeFileHandle file, long offset, long length, uint flags);
}
