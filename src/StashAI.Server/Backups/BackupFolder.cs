using System.Globalization;
using StashAI.Server.Exits;
using StashAI.Streams.Files;

namespace StashAI.Server.Backups;

/// <summary>
/// The folder of a backup. Each run writes a content folder of its own and adds payload files; the manifest then names the new content
/// instead of the old, in one step.
/// </summary>
internal sealed class BackupFolder : IDisposable
{
    /// <summary>The end of the names of files that are not whole yet.</summary>
    public const string Partial = ".partial";

    private const string LockName = "backup.lock";
    private const string ContentPrefix = "content-";

    private readonly FileStream held;

    private BackupFolder(string path, FileStream held) => (Path, this.held) = (path, held);

    public string Path { get; }

    /// <summary>Where payload files are.</summary>
    public string Payloads => PayloadsIn(Path);

    public static string PayloadsIn(string folder) => System.IO.Path.Combine(folder, "payloads");

    /// <summary>Opens a folder for one run, and creates it if it is missing.</summary>
    /// <exception cref="UsageException">It has files that are not of a backup.</exception>
    /// <exception cref="StartException">Another run uses it.</exception>
    public static BackupFolder Open(string path)
    {
        CreatePrivate(path);
        var lockPath = System.IO.Path.Combine(path, LockName);
        if (!File.Exists(lockPath) && Directory.EnumerateFileSystemEntries(path).Any())
        {
            throw new UsageException($"{path} is not empty and has no backup: name an empty folder, or one that does not exist yet.");
        }

        try
        {
            return new BackupFolder(path, new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException exception) when (File.Exists(lockPath))
        {
            throw new StartException($"Another backup into {path} is running: wait until it has ended.", exception);
        }
    }

    /// <summary>Makes a new folder for the content of a run; returns its name.</summary>
    public string CreateContent(DateTimeOffset time)
    {
        var stamp = ContentPrefix + time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var name = stamp;
        for (var number = 2; Directory.Exists(System.IO.Path.Combine(Path, name)); number++) name = $"{stamp}-{number}";
        CreatePrivate(System.IO.Path.Combine(Path, name));
        CreatePrivate(Payloads);
        return name;
    }

    /// <summary>Removes what the manifest does not name: content of earlier and broken runs, and payload files.</summary>
    /// <param name="content">The name of the content folder to keep; null for none.</param>
    /// <param name="payloadFiles">The names of the payload files to keep.</param>
    public void RemoveOthers(string? content, IReadOnlySet<string> payloadFiles)
    {
        foreach (var folder in Directory.EnumerateDirectories(Path, ContentPrefix + "*"))
        {
            if (System.IO.Path.GetFileName(folder) != content) Directory.Delete(folder, recursive: true);
        }

        foreach (var file in Directory.EnumerateFiles(Payloads))
        {
            var name = System.IO.Path.GetFileName(file);
            if (!payloadFiles.Contains(name.Replace(PayloadCopier.DamagedMark, "", StringComparison.Ordinal))) File.Delete(file);
        }
    }

    /// <summary>True when a run into the folder broke after the backup that its manifest names, or without one.</summary>
    public static bool HasUnfinished(string path, BackupManifest? manifest) =>
        Directory.EnumerateDirectories(path, ContentPrefix + "*").Any(one => System.IO.Path.GetFileName(one) != manifest?.Content);

    /// <summary>Creates a folder that only this user can open.</summary>
    public static void CreatePrivate(string path)
    {
        if (Directory.Exists(path)) return;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (System.IO.Path.GetDirectoryName(path) is { Length: > 0 } parent) FlushedFolder.Flush(parent);
    }

    public void Dispose() => held.Dispose();
}
