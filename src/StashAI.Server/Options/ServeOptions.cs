namespace StashAI.Server.Options;

/// <summary>What <c>stashai serve</c> runs with. Every path is absolute; nothing is created yet.</summary>
internal sealed record ServeOptions
{
    public const string DefaultUrl = "http://127.0.0.1:9998";

    /// <summary>Addresses to listen on, as Kestrel takes them, at least one. Port 0 means any free port.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>Folder of everything the server keeps.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>SQLite file of the queue; inside <see cref="DataDirectory"/> unless QUEUE_DB_PATH names another.</summary>
    public required string QueueDatabasePath { get; init; }

    /// <summary>The PostgreSQL server that keeps the queue in place of that file; null for the file.</summary>
    public DatabaseServer? DatabaseServer { get; init; }

    /// <summary>Folder of the face models, given to the Visage child.</summary>
    public required string ModelsDirectory { get; init; }

    /// <summary>Calls to AI services at once, 1 to 1024.</summary>
    public required int Workers { get; init; }

    /// <summary>A Visage service that already runs; null when <c>serve</c> starts its own.</summary>
    public Uri? VisageUrl { get; init; }

    /// <summary>False when the operator wants no face service: jobs for it must then name an address.</summary>
    public bool HasVisage { get; init; } = true;

    /// <summary>The port the Visage child gets if it is free; 0 means any free port.</summary>
    public required int VisagePort { get; init; }

    public required LogLevel LogLevel { get; init; }
}
