using StashAI.Gateway.Settings;
using StashAI.Hosting.Settings;

namespace StashAI.Gateway.Routes.Declared;

/// <summary>The folders whose files a request may name by path (<c>ALLOWED_FOLDERS</c>, separated by commas).</summary>
internal sealed class AllowedFolders
{
    public static string Setting => GatewaySettings.AllowedFolders.Name;

    private readonly string[] folders;

    private AllowedFolders(string[] folders) => this.folders = folders;

    public static AllowedFolders Read(SettingsReader reader) =>
        new([.. (reader.Read(GatewaySettings.AllowedFolders) ?? []).Select(RealPath)]);

    /// <summary>The real path of a file, with all links followed; null and the reason when it may not be read.</summary>
    public (string? File, string? Reason) Find(string path)
    {
        if (folders.Length == 0) return (null, $"names a file of the server, which allows none: set {Setting} there, or send the bytes.");
        if (path.Contains('\0', StringComparison.Ordinal) || !Path.IsPathFullyQualified(path))
        {
            return (null, $"'{path}' is not an absolute path.");
        }

        // The answer is the same for missing files, so that nobody can find out which files exist.
        return RealFile(path) is { } real && folders.Any(folder => IsInside(real, folder)) && File.Exists(real)
            ? (real, null)
            : (null, $"'{path}' is not a file under a folder of {Setting}.");
    }

    /// <summary>The real path of a folder, with all links followed; null and the reason when it may not be read.</summary>
    public (string? Folder, string? Reason) FindFolder(string path)
    {
        if (folders.Length == 0) return (null, $"names a folder of the server, which allows none: set {Setting} there.");
        if (path.Contains('\0', StringComparison.Ordinal) || !Path.IsPathFullyQualified(path))
        {
            return (null, $"'{path}' is not an absolute path.");
        }

        return RealFile(Path.TrimEndingDirectorySeparator(path)) is { } real
            && folders.Any(folder => real == Path.TrimEndingDirectorySeparator(folder) || IsInside(real, folder)) && Directory.Exists(real)
            ? (real, null)
            : (null, $"'{path}' is not a folder of {Setting}, or under one.");
    }

    private static string? RealFile(string path)
    {
        try
        {
            return RealPath(Path.GetFullPath(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // For example a cycle of links.
            return null;
        }
    }

    private static bool IsInside(string path, string folder) =>
        path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>The path with all links of its folders followed.</summary>
    private static string RealPath(string path)
    {
        var real = Path.GetPathRoot(path)!;
        foreach (var part in path[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, part);
            FileSystemInfo info = Directory.Exists(real) ? new DirectoryInfo(real) : new FileInfo(real);
            if (info is { Exists: true, LinkTarget: not null } && info.ResolveLinkTarget(returnFinalTarget: true) is { } target)
                real = target.FullName == path ? real : RealPath(target.FullName);
        }

        return real;
    }
}
