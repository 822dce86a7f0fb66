namespace StashAI.Server.Backups;

/// <summary>What a backup takes, and where it goes. Paths are absolute.</summary>
internal sealed record BackupPlan
{
    /// <summary>The folder of the backup.</summary>
    public required string Folder { get; init; }

    /// <summary>The data folder of the server.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The folder of declared services.</summary>
    public required string ServicesDirectory { get; init; }

    /// <summary>The folder of plug-ins.</summary>
    public required string AdaptersDirectory { get; init; }

    /// <summary>A dump of the PostgreSQL database; null for none.</summary>
    public string? Dump { get; init; }

    /// <summary>False to copy payload files also where the backup could share their bytes with the queue.</summary>
    public bool MayLink { get; init; } = true;

    /// <summary>True to replace the backup of another queue.</summary>
    public bool MayReplace { get; init; }

    /// <summary>The file of the gallery of people, which may not exist.</summary>
    public string Gallery => Path.Combine(DataDirectory, "visage", "visage.db");

    /// <summary>Files that are copied as they are: where each is, and its path in the backup.</summary>
    public IEnumerable<(string Source, string Path)> PlainFiles() =>
    [
        .. Existing(Path.Combine(DataDirectory, "secrets.key"), "secrets.key"),
        .. Existing(Path.Combine(DataDirectory, "visage", "visage.secret"), "visage/visage.secret"),
        .. Tree(ServicesDirectory, "services"),
        .. Tree(AdaptersDirectory, "adapters"),
        .. Dump is null ? [] : Existing(Dump, BackupManifest.DumpFile),
    ];

    private static IEnumerable<(string Source, string Path)> Existing(string source, string path) =>
        File.Exists(source) ? [(source, path)] : [];

    /// <summary>Links to files are followed, as the server follows them; links to folders and hidden names are left out.</summary>
    private static IEnumerable<(string Source, string Path)> Tree(string folder, string path)
    {
        if (!Directory.Exists(folder)) yield break;
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            if (entry.Name.StartsWith('.')) continue;
            if (entry is FileInfo)
            {
                yield return (entry.FullName, $"{path}/{entry.Name}");
            }
            else if (entry.LinkTarget is null)
            {
                foreach (var inner in Tree(entry.FullName, $"{path}/{entry.Name}")) yield return inner;
            }
        }
    }
}
