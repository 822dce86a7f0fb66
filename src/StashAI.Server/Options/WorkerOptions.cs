namespace StashAI.Server.Options;

/// <summary>The options of <c>stashai worker</c>, which works on a server's queue without HTTP. Paths are absolute.</summary>
internal sealed record WorkerOptions
{
    public required string DataDirectory { get; init; }

    /// <summary>SQLite file of the queue, shared with the server on this machine.</summary>
    public required string QueueDatabasePath { get; init; }

    /// <summary>The PostgreSQL server of the queue; null for the SQLite file.</summary>
    public DatabaseServer? DatabaseServer { get; init; }

    /// <summary>Where large parts of uploads go; null for files with SQLite, and for the database with PostgreSQL.</summary>
    public PayloadStore? Payloads { get; init; }

    /// <summary>The most concurrent calls to AI services, 1 to 1024.</summary>
    public required int Workers { get; init; }

    /// <summary>The Visage service to call; null means the one that <c>serve</c> runs on this machine.</summary>
    public Uri? VisageUrl { get; init; }

    /// <summary>False without a face service: jobs for it must then name an address.</summary>
    public bool HasVisage { get; init; } = true;

    public required LogLevel LogLevel { get; init; }
}
