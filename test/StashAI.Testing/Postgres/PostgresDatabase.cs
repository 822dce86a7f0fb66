namespace StashAI.Testing.Postgres;

/// <summary>One database of a private cluster.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ConnectionString">Keywords as Npgsql reads them.</param>
/// <param name="Url">The same as <c>postgres://user@127.0.0.1:port/name</c>.</param>
public sealed record PostgresDatabase(string Name, string ConnectionString, string Url);
