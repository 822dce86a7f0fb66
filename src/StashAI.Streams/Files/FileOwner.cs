using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace StashAI.Streams.Files;

/// <summary>Whose a file is.</summary>
public static partial class FileOwner
{
    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint OwnerAndGroup = 8 | 16; // STATX_UID | STATX_GID
    private const int UserOffset = 20;
    private const int GroupOffset = 24;
    private const int StatxSize = 256;

    /// <summary>
    /// Gives an open file to the user and the group that a folder belongs to. Only root may do that for others: elsewhere the file stays
    /// as it is.
    /// </summary>
    /// <param name="file">The open file.</param>
    /// <param name="folder">The path of the folder.</param>
    public static void TrySetAsOf(SafeFileHandle file, string folder)
    {
        if (!OperatingSystem.IsLinux()) return;
        Span<byte> status = stackalloc byte[StatxSize];
        if (Statx(CurrentFolder, folder, 0, OwnerAndGroup, status) != 0) return;
        _ = ChangeOwner(file, MemoryMarshal.Read<uint>(status[UserOffset..]), MemoryMarshal.Read<uint>(status[GroupOffset..]));
    }

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ChangeOwner(SafeFileHandle file, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int folder, string path, int flags, uint mask, Span<byte> status);
}
