using System.Runtime.InteropServices;

namespace StashAI.Hosting.Files;

/// <summary>
/// Keeps photos, faces, results and keys readable only for the user that the server runs as.
/// </summary>
public static partial class PrivateFiles
{
    private const UnixFileMode GroupAndOthers =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite
        | UnixFileMode.OtherExecute;

    private const UnixFileMode WritableByAnyone = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>
    /// Sets the umask so that this process and its children create files with mode 0600 and folders with mode 0700. Call it before anything
    /// is created. It covers the files that libraries create too, such as SQLite's log.
    /// </summary>
    public static void RestrictCreation()
    {
        if (OperatingSystem.IsWindows()) return;
        _ = SetUmask(0b000_111_111); // 077
    }

    /// <summary>
    /// One sentence for each existing file or folder that other users can access, with the command that closes it; changes nothing. A file
    /// that nobody may write (0444) is a mounted secret and gives no warning.
    /// </summary>
    public static IEnumerable<string> Warnings(params IEnumerable<string?> paths)
    {
        if (OperatingSystem.IsWindows()) yield break;
        foreach (var path in paths.OfType<string>().Distinct())
        {
            if (ModeOf(path) is not { } mode || (mode & GroupAndOthers) == 0) continue;
            var isFolder = Directory.Exists(path);
            if (!isFolder && (mode & WritableByAnyone) == 0) continue;
            yield return $"{path} is open to other users of this machine (mode {Convert.ToString((int)mode, 8).PadLeft(4, '0')}). "
                + $"If nobody else needs it: chmod {(isFolder ? "700" : "600")} '{path.Replace("'", @"'\''", StringComparison.Ordinal)}'";
        }
    }

    private static UnixFileMode? ModeOf(string path)
    {
        if (OperatingSystem.IsWindows()) return null;
        try
        {
            return Path.Exists(path) ? File.GetUnixFileMode(path) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null; // The code that opens the file reports the error.
        }
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint SetUmask(uint mask);
}
