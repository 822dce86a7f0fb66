using System.Runtime.Versioning;
using StashAI.Streams.Files;

namespace StashAI.Storage.Payloads.Files;

/// <summary>
/// A lock beside a folder of payload files. Who removes files, or bytes of them, shares it; a backup holds it alone, so that nothing that
/// its snapshot names goes before it is copied. The operating system releases it when the process ends.
/// </summary>
internal sealed class RemovalLock : IDisposable
{
    private const int Taken = 11; // EAGAIN of Linux
    private const int TakenOfMac = 35;
    private const int TakenOfWindows = unchecked((int)0x80070020);

    private readonly FileStream? file;

    private RemovalLock(FileStream? file) => this.file = file;

    /// <summary>For a removal: null while a backup holds the lock.</summary>
    /// <param name="folder">The folder of payload files.</param>
    /// <exception cref="IOException">The file cannot be opened or created, so a backup may hold it.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not open it, so a backup may hold it.</exception>
    public static RemovalLock? TryShare(string folder)
    {
        try
        {
            // Without a folder there is nothing to remove.
            return new RemovalLock(Directory.Exists(folder) ? Open(folder, FileAccess.Read, FileShare.Read) : null);
        }
        catch (IOException exception) when (exception.HResult is Taken or TakenOfMac or TakenOfWindows)
        {
            return null;
        }
        catch (IOException exception) when (DiskErrors.IsDiskFull(exception))
        {
            // There is no room for the file, and the removal makes room.
            return new RemovalLock(null);
        }
    }

    /// <summary>For a backup: null while a removal is under way, or another backup.</summary>
    /// <inheritdoc cref="TryShare" path="/param"/>
    /// <exception cref="IOException">The file cannot be opened or created.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not open it.</exception>
    public static RemovalLock? TryHold(string folder)
    {
        if (!Directory.Exists(folder)) return new RemovalLock(null);
        try
        {
            return new RemovalLock(Open(folder, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException exception) when (exception.HResult is Taken or TakenOfMac or TakenOfWindows)
        {
            return null;
        }
    }

    public void Dispose() => file?.Dispose();

    private static FileStream Open(string folder, FileAccess access, FileShare share)
    {
        var path = PathOf(folder);
        if (!File.Exists(path)) Create(path, folder);
        return new FileStream(path, FileMode.Open, access, share);
    }

    /// <summary>Whoever creates the file, perhaps a backup that root runs: the owner of the folder can open it.</summary>
    private static void Create(string path, string folder)
    {
        try
        {
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            if (OperatingSystem.IsWindows()) return;
            File.SetUnixFileMode(file.SafeFileHandle, ModeFor(File.GetUnixFileMode(folder)));
            FileOwner.TrySetAsOf(file.SafeFileHandle, folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException && File.Exists(path))
        {
            // Another process created it, or its file system knows no users.
        }
    }

    /// <summary>Who may change the folder, and so remove from it, can share the lock; nobody else.</summary>
    [UnsupportedOSPlatform("windows")]
    private static UnixFileMode ModeFor(UnixFileMode folder) =>
        UnixFileMode.UserRead | UnixFileMode.UserWrite
        | (folder.HasFlag(UnixFileMode.GroupWrite) ? UnixFileMode.GroupRead : UnixFileMode.None)
        | (folder.HasFlag(UnixFileMode.OtherWrite) ? UnixFileMode.OtherRead : UnixFileMode.None);

    private static string PathOf(string folder) => folder + ".lock";
}
