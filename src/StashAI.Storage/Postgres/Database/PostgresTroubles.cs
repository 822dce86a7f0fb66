using Npgsql;
using StashAI.Queue.Store;

namespace StashAI.Storage.Postgres.Database;

/// <summary>Explains errors of a database in use to an operator, and how to fix them.</summary>
internal static class PostgresTroubles
{
    /// <summary>Returns the sentence, or null for an error that did not come from the database.</summary>
    public static string? Explain(Exception error, string database) => error switch
    {
        StoreTroubleException known => known.Message,
        PostgresException answer => Explain(answer, database),
        NpgsqlException or System.Net.Sockets.SocketException =>
            $"{database} cannot be reached: check that PostgreSQL is running and accepts connections.",
        _ => null,
    };

    private static string? Explain(PostgresException error, string database) => (error.SqlState, error.SqlState[..2]) switch
    {
        (PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted, _) =>
            $"{database} is damaged ({error.MessageText}): check PostgreSQL's log, and restore a backup.",
        (PostgresErrorCodes.InvalidCatalogName, _) =>
            $"{database} does not exist any more: create it again or restore a backup, and restart the server.",
        (PostgresErrorCodes.InsufficientPrivilege, _) => $"This user lacks rights in {database} ({error.MessageText}): grant them.",
        (PostgresErrorCodes.ReadOnlySqlTransaction, _) => $"{database} is read-only, like a standby: connect to the primary.",
        (PostgresErrorCodes.DiskFull, _) => $"The disk of {database} is full: free some space.",
        (_, "28") => $"{database} refuses this user ({error.MessageText}): check user, password and pg_hba.conf.",
        (PostgresErrorCodes.NotNullViolation or PostgresErrorCodes.CheckViolation, _) or (_, "42" or "3F" or "P0") =>
            $"{database} does not have the schema of this version ({error.MessageText}): "
            + "restore a backup, or start with an empty database.",
        (_, "08" or "40" or "53" or "55" or "57" or "58" or "XX") =>
            $"{database} does not work ({error.MessageText}): check PostgreSQL's log.",
        _ => null,
    };
}
