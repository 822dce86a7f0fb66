using StashAI.Storage.Postgres.Database;

namespace StashAI.Server.Options;

/// <summary>A database server for the queue. Messages use its <see cref="Name"/>, because the URL may contain a password.</summary>
internal sealed class DatabaseServer
{
    /// <param name="url"><c>postgres://user:password@host:port/database</c>.</param>
    /// <exception cref="FormatException">The URL cannot be read; the message does not contain it.</exception>
    public DatabaseServer(string url)
    {
        Url = url;
        Name = PostgresUrl.NameOf(PostgresUrl.Parse(url));
    }

    /// <summary>The complete URL with its password, only for connecting.</summary>
    public string Url { get; }

    /// <summary><c>host:port/database</c>.</summary>
    public string Name { get; }

    public override string ToString() => Name;
}
