using Npgsql;

namespace StashAI.Storage.Postgres;

/// <summary>Tells a database that works and refuses a value from one that does not work.</summary>
internal static class PostgresRefusals
{
    /// <summary>True for data exceptions (22), broken constraints (23) and values past the server's limits (54, and too much memory for one).</summary>
    public static bool Includes(PostgresException error) =>
        error.SqlState[..2] is "22" or "23" or "54"
        || (error.SqlState == PostgresErrorCodes.InternalError && error.MessageText.StartsWith("invalid memory alloc request size", StringComparison.Ordinal));
}
