using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;
using StashAI.Queue.Store;

namespace StashAI.Storage.Postgres;

/// <summary>Says in one sentence why a database cannot be opened, and what to do about it. No message holds a password.</summary>
internal static class PostgresStartErrors
{
    /// <summary>The sentence, or null for an error that is none of the database's.</summary>
    public static StoreOpenException? From(Exception error, NpgsqlConnectionStringBuilder settings) => error switch
    {
        StoreOpenException known => known,
        PostgresException answer => FromAnswer(answer, settings),
        NpgsqlException { InnerException: AuthenticationException tls } => new(
            $"{PostgresUrl.NameOf(settings)} could not be reached over TLS: {Clause(tls)}. Check sslmode and sslrootcert in the database URL.", true, error),
        NpgsqlException { InnerException: null } when error.Message.Contains("password", StringComparison.OrdinalIgnoreCase) => new(
            $"{PostgresUrl.NameOf(settings)} wants a password and the database URL has none: write postgres://user:password@host/database.", true, error),
        NpgsqlException or SocketException or TimeoutException => new(
            $"{PostgresUrl.NameOf(settings)} cannot be reached: {Clause(error.InnerException ?? error)}. Check that the server runs, and host and port of the database URL.",
            false,
            error),
        _ => null,
    };

    /// <summary>What to say of a server that this program cannot use.</summary>
    public static StoreOpenException? TooOld(string name, Version server, int oldest) => server.Major >= oldest
        ? null
        : new($"{name} runs PostgreSQL {server}; version {oldest} or newer is needed: upgrade the server, or leave the database URL out for a SQLite file.", true);

    private static StoreOpenException FromAnswer(PostgresException answer, NpgsqlConnectionStringBuilder settings)
    {
        var name = PostgresUrl.NameOf(settings);
        return answer.SqlState switch
        {
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => new(
                $"{name} refuses the user of the database URL: {Clause(answer)}. Check user and password, with special characters percent-encoded.",
                true,
                answer),
            PostgresErrorCodes.InvalidCatalogName => new(
                $"{name} does not exist: make it with CREATE DATABASE on that server, or correct the name in the database URL.", true, answer),
            PostgresErrorCodes.InsufficientPrivilege => new(
                $"{name} does not let this user keep the queue there: {Clause(answer)}. Make the user owner of the database (ALTER DATABASE ... OWNER TO ...).",
                true,
                answer),
            PostgresErrorCodes.ReadOnlySqlTransaction => new(
                $"{name} is read-only, as a standby is: give the address of the primary server in the database URL.", true, answer),
            PostgresErrorCodes.CannotConnectNow => new($"{name} takes no connections yet: {Clause(answer)}. Try again in a moment.", false, answer),
            PostgresErrorCodes.TooManyConnections => new(
                $"{name} has no connection left: {Clause(answer)}. Raise max_connections of the server, or start fewer processes.", false, answer),
            _ => new($"{name} could not be opened: {Clause(answer)} ({answer.SqlState}).", false, answer),
        };
    }

    private static string Clause(Exception error) =>
        (error is PostgresException answer ? answer.MessageText : error.Message).ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
