using System.Runtime.InteropServices;

namespace StashAI.Streams.Files;

/// <summary>Further names of a file, which share its bytes.</summary>
public static partial class HardLink
{
    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint CountOnly = 4; // STATX_NLINK
    private const int CountOffset = 16;
    private const int StatxSize = 256;

    /// <summary>Adds a name to a file; false where that is not possible, as on another file system or on Windows.</summary>
    public static bool TryAdd(string existing, string added) => !OperatingSystem.IsWindows() && Link(existing, added) == 0;

    /// <summary>How many names a file has; 1 where that is unknown.</summary>
    public static int CountOf(string path)
    {
        if (!OperatingSystem.IsLinux()) return 1;
        Span<byte> status = stackalloc byte[StatxSize];
        return Statx(CurrentFolder, path, 0, CountOnly, status) == 0 ? MemoryMarshal.Read<int>(status[CountOffset..]) : 1;
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string existing, string added);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int folder, string path, int flags, uint mask, Span<byte> status);
}
