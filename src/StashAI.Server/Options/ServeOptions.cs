namespace StashAI.Server.Options;

/// <summary>The options of <c>stashai serve</c>. Every path is absolute; nothing is created yet.</summary>
internal sealed record ServeOptions
{
    public const string DefaultUrl = "http://127.0.0.1:9998";

    /// <summary>Addresses to listen on in Kestrel's form, at least one. Port 0 means any free port.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>The folder for all data of the server.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>SQLite file of the queue; inside <see cref="DataDirectory"/> unless QUEUE_DB_PATH names another.</summary>
    public required string QueueDatabasePath { get; init; }

    /// <summary>The PostgreSQL server of the queue; null for the SQLite file.</summary>
    public DatabaseServer? DatabaseServer { get; init; }

    /// <summary>Where large parts of uploads go; null for files with SQLite, and for the database with PostgreSQL.</summary>
    public PayloadStore? Payloads { get; init; }

    /// <summary>The PostgreSQL server of the gallery, passed to the Visage child; null for a file.</summary>
    public DatabaseServer? GalleryServer { get; init; }

    /// <summary>The folder of the face models, passed to the Visage child.</summary>
    public required string ModelsDirectory { get; init; }

    /// <summary>The most concurrent calls to AI services, 1 to 1024.</summary>
    public required int Workers { get; init; }

    /// <summary>A Visage service that is already running; null when <c>serve</c> starts its own.</summary>
    public Uri? VisageUrl { get; init; }

    /// <summary>False without a face service: jobs for it must then name an address.</summary>
    public bool HasVisage { get; init; } = true;

    /// <summary>The port for the Visage child if it is free; 0 means any free port.</summary>
    public required int VisagePort { get; init; }

    public required LogLevel LogLevel { get; init; }
}
