using StashAI.Storage.Postgres.Database;

namespace StashAI.Server.Options;

/// <summary>A database server for the queue. It is named everywhere by <see cref="Name"/>, since the URL may hold a password.</summary>
internal sealed class DatabaseServer
{
    /// <param name="url">`postgres://user:password@host:port/database`.</param>
    /// <exception cref="FormatException">The URL cannot be read; the message does not hold it.</exception>
    public DatabaseServer(string url)
    {
        Url = url;
        Name = PostgresUrl.NameOf(PostgresUrl.Parse(url));
    }

    /// <summary>The whole URL, password included: only for connecting.</summary>
    public string Url { get; }

    /// <summary>`host:port/database`.</summary>
    public string Name { get; }

    public override string ToString() => Name;
}
