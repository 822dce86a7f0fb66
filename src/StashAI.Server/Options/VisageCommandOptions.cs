namespace StashAI.Server.Options;

/// <summary>The options of <c>stashai visage</c>. Paths are absolute.</summary>
internal sealed record VisageCommandOptions
{
    public const string DefaultUrl = "http://127.0.0.1:9997";

    /// <summary>Addresses to listen on in Kestrel's form, at least one.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>The PostgreSQL server of the gallery; null for a file in the data folder.</summary>
    public DatabaseServer? Database { get; init; }

    /// <summary>The folder of the secret, and of the gallery if it is a file.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The folder of the face models, which are fetched when missing.</summary>
    public required string ModelsDirectory { get; init; }

    public required LogLevel LogLevel { get; init; }
}
