namespace StashAI.Server.Options;

/// <summary>What <c>stashai visage</c> runs with. Paths are absolute.</summary>
internal sealed record VisageCommandOptions
{
    public const string DefaultUrl = "http://127.0.0.1:9997";

    /// <summary>Addresses to listen on, as Kestrel takes them, at least one.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>Folder of the gallery of known people.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Folder of the face models; fetched into it when they are missing.</summary>
    public required string ModelsDirectory { get; init; }

    public required LogLevel LogLevel { get; init; }
}
