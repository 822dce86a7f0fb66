using StashAI.Hosting.Settings;
using StashAI.Storage.Payloads.Objects;

namespace StashAI.Server.Options;

/// <summary>Where the large parts of new uploads are kept.</summary>
/// <param name="InFiles">True for files; false for rows of the database and for objects.</param>
/// <param name="Folder">The folder of the files; null for the one beside the SQLite file.</param>
/// <param name="Address">The bucket of the objects; null for files and rows.</param>
internal sealed record PayloadStore(bool InFiles, string? Folder = null, S3Address? Address = null)
{
    private const string Files = "files";

    public static SettingForm<PayloadStore?> Form { get; } = new(
        "`files`, `database`, `files:FOLDER` or `s3://BUCKET/PREFIX?endpoint=URL&region=NAME`",
        "files, database, files: and the absolute path of a folder, or s3:// and a bucket", (text, out value) =>
        {
            // Its errors repeat nothing of the text, which may have a key.
            value = S3Address.IsMeant(text) ? new PayloadStore(InFiles: false, Address: S3Address.Parse(text)) : text switch
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

    /// <summary>Who uses the bucket; null for whom the environment of AWS's tools names.</summary>
    public S3Keys? Keys { get; init; }

    /// <summary>The bucket with its keys; null for files and rows.</summary>
    public S3Settings? Bucket => Address is null ? null : new S3Settings(Address, Keys);

    /// <summary>Reads where large parts are kept, and the keys of a bucket.</summary>
    public static PayloadStore? Read(SettingsReader reader)
    {
        var chosen = reader.Read(ServerSettings.Payloads);
        return chosen?.Address is null ? chosen : chosen with { Keys = ReadKeys(reader) };
    }

    /// <summary>Reads the keys of a bucket; null for whom the environment of AWS's tools names.</summary>
    public static S3Keys? ReadKeys(SettingsReader reader)
    {
        var (id, secret) = (reader.Read(ServerSettings.AccessKeyId), reader.Read(ServerSettings.SecretAccessKey));
        if (id is not null && secret is not null) return new S3Keys(id, secret, reader.Read(ServerSettings.SessionToken));
        if (id is not null) reader.Refuse(ServerSettings.AccessKeyId, "is set and AWS_SECRET_ACCESS_KEY is not: a key has both.");
        if (secret is not null) reader.Refuse(ServerSettings.SecretAccessKey, "is set and AWS_ACCESS_KEY_ID is not: a key has both.");
        return null;
    }

    /// <summary>The value as it is written, without keys.</summary>
    public override string ToString() =>
        Address is not null ? Address.ToString() : !InFiles ? "database" : Folder is null ? Files : $"{Files}:{Folder}";
}
