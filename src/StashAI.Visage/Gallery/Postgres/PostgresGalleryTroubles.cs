using System.Net.Sockets;
using Npgsql;

namespace StashAI.Visage.Gallery.Postgres;

/// <summary>Explains errors of the gallery's database to an operator, and how to fix them. No message contains a password.</summary>
internal static class PostgresGalleryTroubles
{
    /// <summary>
    /// Returns the sentence, or null for an error that did not come from the database, or that is a fault of this program.
    /// </summary>
    public static string? Explain(Exception error, string database) => error switch
    {
        PostgresException answer => Explain(answer, database),
        NpgsqlException or SocketException or TimeoutException =>
            $"The gallery's database {database} cannot be reached ({Reason(error)}): check that PostgreSQL is running and accepts "
            + "connections.",
        _ => null,
    };

    private static string? Explain(PostgresException error, string database) => (error.SqlState, error.SqlState[..2]) switch
    {
        (PostgresErrorCodes.InvalidCatalogName, _) =>
            $"The gallery's database {database} does not exist: create it with CREATE DATABASE, or correct its name in VISAGE_DATABASE.",
        (PostgresErrorCodes.InsufficientPrivilege, _) =>
            $"This user lacks rights in the gallery's database {database} ({error.MessageText}): make the user its owner.",
        (PostgresErrorCodes.ReadOnlySqlTransaction, _) =>
            $"The gallery's database {database} is read-only, like a standby: connect to the primary.",
        (PostgresErrorCodes.DiskFull, _) => $"The disk of the gallery's database {database} is full: free some space.",
        (_, "28") => $"The gallery's database {database} refuses this user ({error.MessageText}): check user, password and pg_hba.conf.",
        (PostgresErrorCodes.UndefinedTable, _) or (_, "3F") =>
            $"The gallery's database {database} has no gallery any more ({error.MessageText}): restore a backup, or restart Visage for an "
            + "empty gallery.",
        (_, "08" or "40" or "53" or "55" or "57" or "58" or "XX") =>
            $"The gallery's database {database} does not work ({error.MessageText}): check PostgreSQL's log.",
        _ => null,
    };

    /// <summary>The innermost error; outer ones mostly refer to it.</summary>
    private static string Reason(Exception error) => error is { InnerException: { } inner } and not PostgresException
        ? Reason(inner)
        : error.Message.ReplaceLineEndings(" ").TrimEnd('.');
}
