using StashAI.Hosting.Settings;

namespace StashAI.Server.Options;

/// <summary>Where the large parts of new uploads are kept.</summary>
/// <param name="InFiles">True for files; false for rows of the database.</param>
/// <param name="Folder">The folder of the files; null for the one beside the SQLite file.</param>
internal sealed record PayloadStore(bool InFiles, string? Folder = null)
{
    private const string Files = "files";

    public static SettingForm<PayloadStore?> Form { get; } = new(
        "`files`, `database` or `files:FOLDER`", "files, database, or files: and the absolute path of a folder", (text, out value) =>
        {
            value = text switch
            {
                Files => new PayloadStore(InFiles: true),
                "database" => new PayloadStore(InFiles: false),
                _ when text.StartsWith(Files + ":", StringComparison.Ordinal) && Path.IsPathFullyQualified(text[(Files.Length + 1)..])
                    && !File.Exists(text[(Files.Length + 1)..]) =>
                    new PayloadStore(InFiles: true, Path.GetFullPath(text[(Files.Length + 1)..])),
                _ => null,
            };
            return value is not null;
        });

    /// <summary>The value as it is written.</summary>
    public override string ToString() => !InFiles ? "database" : Folder is null ? Files : $"{Files}:{Folder}";
}
