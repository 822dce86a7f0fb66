namespace StashAI.Server.Hosting;

/// <summary>What the Visage child is started with. Paths are absolute.</summary>
internal sealed record VisageChildOptions
{
    public required string DataDirectory { get; init; }

    public required string ModelsDirectory { get; init; }

    /// <summary>The port it gets if it is free on loopback; 0 means any free port.</summary>
    public required int PreferredPort { get; init; }

    public required LogLevel LogLevel { get; init; }

    /// <summary>How long an orderly stop may take before the child is killed.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(5);
}
