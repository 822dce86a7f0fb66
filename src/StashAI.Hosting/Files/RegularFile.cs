using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace StashAI.Hosting.Files;

/// <summary>
/// Opens files that somebody else names. A named pipe would hold the thread until somebody writes into it, and a device may do anything; both are
/// refused without waiting, also when the file becomes one in the meantime.
/// </summary>
public static partial class RegularFile
{
    private const int ReadOnly = 0;
    private const int NoControllingTerminal = 0x100; // O_NOCTTY
    private const int NonBlocking = 0x800; // O_NONBLOCK
    private const int CloseOnExec = 0x80000; // O_CLOEXEC
    private const int CurrentFolder = -100; // AT_FDCWD
    private const int EmptyPath = 0x1000; // AT_EMPTY_PATH
    private const uint TypeOnly = 1; // STATX_TYPE
    private const int TypeMask = 0xF000; // S_IFMT
    private const int Regular = 0x8000; // S_IFREG
    private const int ModeOffset = 28;
    private const int StatxSize = 256;

    /// <summary>The file, to be read from its beginning.</summary>
    /// <exception cref="IOException">It is not there, may not be read, or is not a regular file.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream OpenRead(string path)
    {
        const FileOptions Options = FileOptions.Asynchronous | FileOptions.SequentialScan;
        if (!OperatingSystem.IsLinux()) return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, Options);
        if (!IsRegular(CurrentFolder, path, 0)) throw new IOException($"{path} is not a regular file.");
        var descriptor = Open(path, ReadOnly | NonBlocking | CloseOnExec | NoControllingTerminal);
        if (descriptor < 0) throw new IOException($"{path} cannot be opened (error {Marshal.GetLastPInvokeError()}).");
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        try
        {
            if (!IsRegular(descriptor, "", EmptyPath)) throw new IOException($"{path} is not a regular file.");
            return new FileStream(handle, FileAccess.Read, bufferSize: 1, isAsync: false);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static bool IsRegular(int folder, string path, int flags)
    {
        Span<byte> status = stackalloc byte[StatxSize];
        return Statx(folder, path, flags, TypeOnly, status) == 0 && (MemoryMarshal.Read<ushort>(status[ModeOffset..]) & TypeMask) == Regular;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, Span<byte> status);
}
