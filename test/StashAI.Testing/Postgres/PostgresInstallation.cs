using System.Globalization;

namespace StashAI.Testing.Postgres;

/// <summary>The PostgreSQL programs of this machine.</summary>
public sealed class PostgresInstallation
{
    private const string DebianRoot = "/usr/lib/postgresql";

    private PostgresInstallation(string folder) => Folder = folder;

    /// <summary>The folder that holds <c>initdb</c>, <c>postgres</c> and <c>psql</c>.</summary>
    public string Folder { get; }

    /// <summary>The newest installed server, or null where none is installed.</summary>
    public static PostgresInstallation? Find() =>
        DebianFolders().Concat(PathFolders()).FirstOrDefault(IsServer) is { } folder
            ? new PostgresInstallation(folder)
            : null;

    /// <summary>The absolute path of one program.</summary>
    public string Program(string name) => Path.Combine(Folder, name);

    private static bool IsServer(string folder) =>
        File.Exists(Path.Combine(folder, "initdb"))
        && File.Exists(Path.Combine(folder, "postgres"))
        && File.Exists(Path.Combine(folder, "psql"));

    // Debian keeps a folder for each major version, outside PATH.
    private static IEnumerable<string> DebianFolders() =>
        Directory.Exists(DebianRoot)
            ? Directory.EnumerateDirectories(DebianRoot)
                .OrderByDescending(folder =>
                    int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0)
                .Select(folder => Path.Combine(folder, "bin"))
            : [];

    private static string[] PathFolders() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
}
