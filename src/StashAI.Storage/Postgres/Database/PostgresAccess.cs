using Npgsql;

namespace StashAI.Storage.Postgres.Database;

/// <summary>Connections to the database of a URL, for a part of the product that keeps tables of its own there.</summary>
/// <param name="Name">The database's address for messages, without user and password.</param>
/// <param name="Source">
/// The connections. A pooler may give each transaction another session, so nothing may be kept in a session.
/// </param>
/// <param name="Settings">Settings that each transaction must make first, such as search_path.</param>
public sealed record PostgresAccess(string Name, NpgsqlDataSource Source, IReadOnlyList<(string Name, string Value)> Settings)
{
    /// <summary>Prepares connections; nothing is opened yet.</summary>
    /// <param name="url">The URL, in any form that <see cref="PostgresUrl"/> reads.</param>
    /// <param name="applicationName">What the server lists the sessions as, unless the URL says otherwise.</param>
    /// <param name="maxConnections">The most connections, unless the URL allows fewer.</param>
    /// <exception cref="FormatException">The URL cannot be read; the message never contains the password.</exception>
    public static PostgresAccess Prepare(string url, string applicationName, int maxConnections)
    {
        var address = PostgresUrl.Read(url);
        var connection = address.Connection;
        connection.ApplicationName ??= applicationName;
        connection.MaxPoolSize = Math.Min(address.MaxConnections ?? int.MaxValue, maxConnections);
        // Connections keep no state that would have to be reset.
        connection.NoResetOnClose = true;
        var builder = new NpgsqlDataSourceBuilder(connection.ConnectionString);
        var source = address.HasSeveralHosts
            ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary)
            : builder.Build();
        return new(PostgresUrl.NameOf(connection), source, address.Settings);
    }
}
