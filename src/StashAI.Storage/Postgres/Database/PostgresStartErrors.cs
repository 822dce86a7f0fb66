using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.RegularExpressions;
using Npgsql;
using StashAI.Queue.Store;

namespace StashAI.Storage.Postgres.Database;

/// <summary>Explains in one sentence why a database cannot be opened and how to fix it. No message contains a password.</summary>
internal static partial class PostgresStartErrors
{
    /// <summary>Returns the sentence, or null for an error that did not come from the database.</summary>
    public static StoreOpenException? From(Exception error, NpgsqlConnectionStringBuilder settings)
    {
        var name = PostgresUrl.NameOf(settings);
        return error switch
        {
            StoreOpenException known => known,
            PostgresException answer => FromAnswer(answer, name),
            StoreTroubleException trouble => new(trouble.Message, true, trouble),
            NpgsqlException when Find<PostgresException>(error) is { } answer => FromAnswer(answer, name),
            NpgsqlException when Find<AuthenticationException>(error) is { } tls => new(
                $"{name} could not be reached over TLS: {Reason(tls)}. Check sslmode and sslrootcert in the database URL.", true, error),
            NpgsqlException when Contains(error, "No SSL enabled connection", "SSL connection requested") => new(
                $"{name} does not offer TLS, which the database URL requires: enable ssl on the server, or, if the network is private, "
                + "remove sslmode and ssl from the URL.",
                true,
                error),
            NpgsqlException when Contains(error, "No suitable host") => new(
                $"{name} has no server that accepts writes: all servers that answer are standbys. Wait for the failover, or add the "
                + "primary's address to the database URL.",
                false,
                error),
            NpgsqlException { InnerException: null } when Contains(error, "password") => new(
                $"{name} requires a password, but the database URL has none: write postgres://user:password@host/database.", true, error),
            NpgsqlException { InnerException: null, IsTransient: false } => new(
                $"{name} cannot be used as the database URL says: {Reason(error)}.", true, error),
            NpgsqlException or SocketException or TimeoutException => new(
                $"{name} cannot be reached: {Reason(error)}. Check that the server is running, and the host and port of the database URL.",
                false,
                error),
            _ => null,
        };
    }

    /// <summary>The error for a server that is too old; null when it is not.</summary>
    public static StoreOpenException? TooOld(string name, Version server, int oldest) => server.Major >= oldest
        ? null
        : new(
            $"{name} runs PostgreSQL {server}; version {oldest} or newer is needed: "
            + "upgrade the server, or leave the database URL out for a SQLite file.",
            true);

    /// <summary>The error for a database with an encoding that cannot store every text.</summary>
    public static StoreOpenException OtherEncoding(string name, string encoding) => new(
        $"{name} has the encoding {encoding}, but the queue stores texts in every language: create a database with UTF8 "
        + "(CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0) and name it in the database URL.",
        true);

    /// <summary>The error for an unsuitable isolation level behind a pooler.</summary>
    public static StoreOpenException OtherIsolation(string name, string isolation) => new(
        $"{name} is behind a pooler in transaction mode and begins transactions as '{isolation}'; the queue needs 'read committed': "
        + "ALTER ROLE ... SET default_transaction_isolation = 'read committed', or connect past the pooler.",
        true);

    /// <summary>The error for a server that accepts no writes.</summary>
    public static StoreOpenException Standby(string name, Exception? error) => new(
        $"{name} is read-only, like a standby: put the address of the primary server into the database URL.", true, error);

    private static StoreOpenException FromAnswer(PostgresException answer, string name) => answer.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => new(
            $"{name} refuses the user of the database URL: {Clause(answer)}. "
            + "Check user and password, with special characters percent-encoded.",
            true,
            answer),
        PostgresErrorCodes.InvalidCatalogName => new(
            $"{name} does not exist: create it with CREATE DATABASE on that server, or correct the name in the database URL.",
            true,
            answer),
        PostgresErrorCodes.InsufficientPrivilege => new(
            $"{name} does not let this user keep the queue there: {Clause(answer)}. "
            + "Make the user the owner of the database (ALTER DATABASE ... OWNER TO ...).",
            true,
            answer),
        PostgresErrorCodes.ReadOnlySqlTransaction => Standby(name, answer),
        PostgresErrorCodes.DuplicateTable or PostgresErrorCodes.DuplicateFunction or PostgresErrorCodes.DuplicateObject =>
            PostgresJournal.Occupied(name, $"what a migration makes ({Clause(answer)})", answer),
        PostgresErrorCodes.CannotConnectNow =>
            new($"{name} accepts no connections yet: {Clause(answer)}. Try again in a moment.", false, answer),
        PostgresErrorCodes.TooManyConnections => new(
            $"{name} has no connection left: {Clause(answer)}. Raise the server's max_connections, or start fewer processes.",
            false,
            answer),
        _ when Startup().Match(answer.MessageText) is { Success: true } refused => new(
            $"The pooler in front of {name} refuses the parameter '{refused.Groups[1].Value}': remove it from the database URL, "
            + "or add it to PgBouncer's ignore_startup_parameters.",
            true,
            answer),
        _ when answer.MessageText.Contains("statement pooling", StringComparison.OrdinalIgnoreCase) => new(
            $"The pooler in front of {name} gives each statement another session, but the queue needs transactions: set PgBouncer's "
            + "pool_mode to transaction or session.",
            true,
            answer),
        _ => new($"{name} could not be opened: {Clause(answer)} ({answer.SqlState}).", false, answer),
    };

    private static T? Find<T>(Exception? error) where T : Exception => error switch
    {
        T found => found,
        AggregateException many => many.InnerExceptions.Select(Find<T>).FirstOrDefault(one => one is not null),
        null => null,
        _ => Find<T>(error.InnerException),
    };

    private static bool Contains(Exception error, params string[] words) => Array.Exists(
        words,
        word => error.Message.Contains(word, StringComparison.OrdinalIgnoreCase)
            || error.InnerException is { } inner && Contains(inner, word));

    /// <summary>The innermost error; outer ones mostly refer to it.</summary>
    private static string Reason(Exception error) => error switch
    {
        PostgresException => Clause(error),
        AggregateException many => string.Join("; ", many.InnerExceptions.Select(Reason).Distinct()),
        { InnerException: { } inner } => Reason(inner),
        _ => InWords(Clause(error)),
    };

    private static string InWords(string reason)
    {
        if (reason.Contains("RemoteCertificateValidationCallback", StringComparison.Ordinal))
            return "its certificate is not signed by a certificate of sslrootcert, or is not for this host name";
        if (reason.Contains("RemoteCertificateNameMismatch", StringComparison.Ordinal)) return "its certificate is for another host name";
        if (reason.Contains("UntrustedRoot", StringComparison.Ordinal) || reason.Contains("PartialChain", StringComparison.Ordinal))
            return $"this machine does not trust the signer of its certificate ({reason})";
        if (reason.Contains("NotTimeValid", StringComparison.Ordinal)) return $"its certificate has expired or is not valid yet ({reason})";
        // error:0A00010B:SSL routines::wrong version number
        var end = reason.LastIndexOf("::", StringComparison.Ordinal);
        return reason.StartsWith("error:", StringComparison.Ordinal) && end > 0 ? reason[(end + 2)..] : reason;
    }

    private static string Clause(Exception error) =>
        (error is PostgresException answer ? answer.MessageText : error.Message).ReplaceLineEndings(" ").TrimEnd('.', ' ');

    [GeneratedRegex("unsupported startup parameter(?: in options)?: \"?([^\"]+)\"?")]
    private static partial Regex Startup();
}
