using Npgsql;

namespace StashAI.Storage.Postgres.Database;

/// <summary>A parsed database URL: how to connect, and settings for this store.</summary>
/// <param name="Connection">How to connect, without session settings and without the choice of a host.</param>
internal sealed record PostgresAddress(NpgsqlConnectionStringBuilder Connection)
{
    /// <summary>Settings for each session, such as search_path, in the order of the URL.</summary>
    public IReadOnlyList<(string Name, string Value)> Settings { get; init; } = [];

    /// <summary>True when the URL shows that a pooler gives each transaction another session.</summary>
    public bool HasTransactionPooling { get; init; }

    /// <summary>The most connections; null when the URL has no limit.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>Parameters without an effect, for the log.</summary>
    public IReadOnlyList<string> Unused { get; init; } = [];

    /// <summary>True when the URL names several hosts, of which one accepts writes.</summary>
    public bool HasSeveralHosts => Connection.Host!.Contains(',', StringComparison.Ordinal);
}
