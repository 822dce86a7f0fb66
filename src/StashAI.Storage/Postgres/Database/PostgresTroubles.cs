using Npgsql;
using StashAI.Queue.Store;

namespace StashAI.Storage.Postgres.Database;

/// <summary>What errors of a database that is in use mean to an operator, and what to do about them.</summary>
internal static class PostgresTroubles
{
    /// <summary>The sentence, or null for an error that did not come from the database.</summary>
    public static string? Explain(Exception error, string database) => error switch
    {
        StoreTroubleException known => known.Message,
        PostgresException answer => Explain(answer, database),
        NpgsqlException or System.Net.Sockets.SocketException => $"{database} cannot be reached: see that PostgreSQL runs and takes connections.",
        _ => null,
    };

    private static string? Explain(PostgresException error, string database) => (error.SqlState, error.SqlState[..2]) switch
    {
        (PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted, _) =>
            $"{database} is damaged ({error.MessageText}): see PostgreSQL's log, and restore a backup.",
        (PostgresErrorCodes.InvalidCatalogName, _) => $"{database} does not exist any more: create it again or restore a backup, and restart the server.",
        (PostgresErrorCodes.InsufficientPrivilege, _) => $"This user may not use all of {database} ({error.MessageText}): grant it the rights.",
        (PostgresErrorCodes.ReadOnlySqlTransaction, _) => $"{database} is read-only, as a standby is: connect to the primary.",
        (PostgresErrorCodes.DiskFull, _) => $"The disk of {database} is full: free some space.",
        (_, "28") => $"{database} does not let this user in ({error.MessageText}): see user, password and pg_hba.conf.",
        (PostgresErrorCodes.NotNullViolation or PostgresErrorCodes.CheckViolation, _) or (_, "42" or "3F" or "P0") => $"{database} does not have the schema of this version ({error.MessageText}): restore a backup, or start with an empty database.",
        (_, "08" or "40" or "53" or "55" or "57" or "58" or "XX") => $"{database} cannot do its work ({error.MessageText}): see PostgreSQL's log.",
        _ => null,
    };
}
