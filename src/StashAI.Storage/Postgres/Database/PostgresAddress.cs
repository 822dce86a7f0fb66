using Npgsql;

namespace StashAI.Storage.Postgres.Database;

/// <summary>What a database URL says: how to connect, and what it asks of this store.</summary>
/// <param name="Connection">How to connect, without session settings and without a choice among hosts.</param>
internal sealed record PostgresAddress(NpgsqlConnectionStringBuilder Connection)
{
    /// <summary>Settings of each session, such as search_path, in the order of the URL.</summary>
    public IReadOnlyList<(string Name, string Value)> Settings { get; init; } = [];

    /// <summary>True when the URL says that a pooler gives each transaction another session.</summary>
    public bool IsShared { get; init; }

    /// <summary>The most connections, when the URL has a limit.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>Parameters that change nothing here, for the log.</summary>
    public IReadOnlyList<string> Unused { get; init; } = [];

    /// <summary>True when the URL names several hosts, of which one takes writes.</summary>
    public bool HasSeveralHosts => Connection.Host!.Contains(',', StringComparison.Ordinal);
}
