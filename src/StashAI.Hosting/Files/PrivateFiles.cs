using System.Runtime.InteropServices;

namespace StashAI.Hosting.Files;

/// <summary>
/// Photos, faces, results and keys are for the user that the server runs as, and for nobody else on the machine.
/// </summary>
public static partial class PrivateFiles
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private const UnixFileMode Writable = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>
    /// Makes every file that this process and its children create 0600, and every folder 0700. It is for the whole process, so that no library's file
    /// is left out (SQLite's log, for one), and comes before anything is created.
    /// </summary>
    public static void RestrictCreation()
    {
        if (OperatingSystem.IsWindows()) return;
        _ = SetMask(63); // 077
    }

    /// <summary>
    /// One sentence for each file or folder that is there and open to others, with the command that closes it; nothing is changed. A file that
    /// nobody may write (0444) is a secret that was mounted, and fine.
    /// </summary>
    public static IEnumerable<string> Warnings(params IEnumerable<string?> paths)
    {
        if (OperatingSystem.IsWindows()) yield break;
        foreach (var path in paths.OfType<string>().Distinct())
        {
            if (ModeOf(path) is not { } mode || (mode & Others) == 0) continue;
            var isFolder = Directory.Exists(path);
            if (!isFolder && (mode & Writable) == 0) continue;
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
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null; // Whoever opens it says what is wrong.
        }
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint SetMask(uint mask);
}
