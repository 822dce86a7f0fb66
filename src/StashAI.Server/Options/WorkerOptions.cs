namespace StashAI.Server.Options;

/// <summary>What <c>stashai worker</c> runs with: the queue of a server, without its HTTP side. Paths are absolute.</summary>
internal sealed record WorkerOptions
{
    public required string DataDirectory { get; init; }

    /// <summary>SQLite file of the queue, shared with the server on this machine.</summary>
    public required string QueueDatabasePath { get; init; }

    /// <summary>The PostgreSQL server that keeps the queue in place of that file; null for the file.</summary>
    public DatabaseServer? DatabaseServer { get; init; }

    /// <summary>Calls to AI services at once, 1 to 1024.</summary>
    public required int Workers { get; init; }

    /// <summary>The Visage service to call; null means the one that <c>serve</c> runs on this machine.</summary>
    public Uri? VisageUrl { get; init; }

    /// <summary>False when the operator wants no face service: jobs for it must then name an address.</summary>
    public bool HasVisage { get; init; } = true;

    public required LogLevel LogLevel { get; init; }
}
