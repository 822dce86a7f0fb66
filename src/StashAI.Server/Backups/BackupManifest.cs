using System.Text.Json;
using System.Text.Json.Serialization;
using StashAI.Server.Exits;
using StashAI.Streams.Files;

namespace StashAI.Server.Backups;

/// <summary>What a backup has: <c>backup.json</c>, which is written last, so that a backup without it is not finished.</summary>
internal sealed record BackupManifest
{
    public const string FileName = "backup.json";

    /// <summary>The name of the queue in a SQLite file.</summary>
    public const string QueueFile = "queue.db";

    /// <summary>The list of the payloads in files.</summary>
    public const string IndexFile = "payloads.ndjson";

    /// <summary>The dump of a PostgreSQL database.</summary>
    public const string DumpFile = "queue.dump";

    public const string Sqlite = "sqlite";

    public const string Postgres = "postgresql";

    public const int CurrentFormat = 1;

    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The version of this format.</summary>
    public required int Format { get; init; }

    /// <summary>The version of the program that wrote it.</summary>
    public required string Program { get; init; }

    /// <summary>The newest migration of the queue.</summary>
    public required string Schema { get; init; }

    /// <summary><see cref="Sqlite"/> or <see cref="Postgres"/>.</summary>
    public required string Database { get; init; }

    /// <summary>The name that was drawn for the queue when it was created; null where the queue or the program is older.</summary>
    public string? Queue { get; init; }

    /// <summary>The moment of the snapshot: what was committed before is in the backup.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The folder in the backup that has all but the payload files.</summary>
    public required string Content { get; init; }

    /// <summary>The name of the queue's folder where queues share one for their payloads; null for none.</summary>
    public string? PayloadFolder { get; init; }

    /// <summary>The files in that folder.</summary>
    public required IReadOnlyList<BackupFile> Files { get; init; }

    /// <summary>The payload files, in sum.</summary>
    public required BackupPayloads Payloads { get; init; }

    /// <summary>The objects of a bucket, which are not in the backup; null for none.</summary>
    public BackupObjects? Objects { get; init; }

    /// <summary>All bytes of the backup.</summary>
    [JsonIgnore]
    public long Size => Files.Sum(file => file.Size) + Payloads.Size;

    /// <summary>True when it has a file of this name.</summary>
    public bool Has(string path) => Files.Any(file => file.Path == path);

    /// <summary>
    /// Replaces the manifest of a folder at once. After an error, the one before is there still. The folder is to be flushed afterwards.
    /// </summary>
    public void Write(string folder)
    {
        var path = Path.Combine(folder, FileName);
        var draft = path + BackupFolder.Partial;
        using (var file = new FileStream(draft, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(file, this, Form);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }

    /// <summary>Reads the manifest of a folder; null when there is none.</summary>
    /// <exception cref="StartException">It cannot be read, or a newer program wrote it.</exception>
    public static BackupManifest? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return null;
        try
        {
            using var file = RegularFile.OpenRead(path);
            var manifest = JsonSerializer.Deserialize<BackupManifest>(file, Form) ?? throw new JsonException("it is null");
            if (manifest.Format > CurrentFormat)
            {
                throw new StartException($"{path} was written by a newer version of this program ({manifest.Program}): use that version.");
            }

            // A backup from elsewhere must not name files outside of itself.
            return manifest.Files.Select(one => one.Path).Append(manifest.Content).Append(manifest.PayloadFolder ?? "none").All(IsInside)
                ? manifest
                : throw new JsonException("it names a file outside of the backup");
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new StartException(
                $"{path} cannot be read ({exception.Message.TrimEnd('.')}), so this backup is of no use: take one into another folder.",
                exception);
        }
    }

    private static bool IsInside(string path) =>
        path.Length > 0 && !Path.IsPathRooted(path) && !path.Split('/', '\\').Any(part => part is "" or "." or "..");
}

/// <summary>A file of a backup.</summary>
/// <param name="Path">Its path below the folder of the content, with slashes.</param>
/// <param name="Size">How many bytes it has.</param>
/// <param name="Sha256">Their SHA-256, in hexadecimal digits.</param>
internal sealed record BackupFile(string Path, long Size, string Sha256);

/// <summary>The payload files of a backup.</summary>
/// <param name="Count">How many payloads there are.</param>
/// <param name="Files">In how many files.</param>
/// <param name="Size">How many bytes the payloads have.</param>
/// <param name="Removed">How many more were removed while the backup was made: their jobs were deleted.</param>
/// <param name="Damaged">How many more the queue had lost before: their files were missing or altered.</param>
internal sealed record BackupPayloads(long Count, int Files, long Size, long Removed, long Damaged);

/// <summary>The objects that a backup names and does not have.</summary>
/// <param name="Place">The bucket that queues share, as <c>PAYLOADS</c> names it; without a secret.</param>
/// <param name="Objects">How many there are.</param>
/// <param name="Payloads">How many payloads are in them.</param>
/// <param name="Size">How many bytes the payloads have.</param>
internal sealed record BackupObjects(string Place, int Objects, long Payloads, long Size);
