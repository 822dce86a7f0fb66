using StashAI.Server.Options;

namespace StashAI.Server.Hosting;

/// <summary>The options of the Visage child. Paths are absolute.</summary>
internal sealed record VisageChildOptions
{
    public required string DataDirectory { get; init; }

    /// <summary>The PostgreSQL server of the gallery; null for a file in the data folder.</summary>
    public DatabaseServer? Database { get; init; }

    public required string ModelsDirectory { get; init; }

    /// <summary>The port to use if it is free on loopback; 0 means any free port.</summary>
    public required int PreferredPort { get; init; }

    public required LogLevel LogLevel { get; init; }

    /// <summary>How long a graceful stop may take before the child is killed.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(5);
}
