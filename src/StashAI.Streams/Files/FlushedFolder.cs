using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace StashAI.Streams.Files;

/// <summary>Folders whose entries must survive a power cut.</summary>
public static partial class FlushedFolder
{
    private const int OpenOnlyThisProcess = 0x80000; // O_CLOEXEC of Linux

    /// <summary>Returns when the names of the folder's new files are on the disk. Does nothing on Windows.</summary>
    /// <exception cref="IOException">The folder cannot be opened or flushed.</exception>
    public static void Flush(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        // .NET does not open folders.
        using var handle = new SafeFileHandle(Open(path, OperatingSystem.IsLinux() ? OpenOnlyThisProcess : 0), ownsHandle: true);
        if (handle.IsInvalid || FSync(handle) != 0)
        {
            throw new IOException($"{path} could not be flushed to its disk: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FSync(SafeFileHandle file);
}
