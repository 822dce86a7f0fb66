using Dapper;
using Microsoft.Data.Sqlite;
using StashAI.SqliteFiles;

namespace StashAI.Visage.Gallery.Sqlite;

/// <summary>
/// Overwrites what the file has of people who were deleted (docs/adr/0035). That it is due is stored with the deletion, so that a process
/// which ends before does it at its next start.
/// </summary>
internal static class SqliteGalleryScrub
{
    /// <summary>Stores that it is due.</summary>
    public const string Request = "UPDATE gallery SET is_scrubbed = 0";

    private const string Done = "UPDATE gallery SET is_scrubbed = 1";

    private const int Tries = 50;

    /// <summary>Does what is due.</summary>
    /// <param name="connect">Opens a connection that no other call has used.</param>
    /// <param name="cancellationToken">Ends it; it stays due.</param>
    /// <exception cref="IOException">Other requests were in the way all the time; it stays due.</exception>
    public static async Task RunAsync(Func<SqliteConnection> connect, CancellationToken cancellationToken)
    {
        using var reader = connect();
        if (reader.ExecuteScalar<bool>("SELECT is_scrubbed FROM gallery")) return;
        for (var tries = 0; tries < Tries; tries++)
        {
            using var writer = connect();
            var scrub = new DatabaseScrub(writer.Handle!, reader.Handle!);
            if (await scrub.RunAsync(Done, () => Task.FromResult(true), cancellationToken)) return;
        }

        throw new IOException("The gallery's file is in use; what is left of a deleted person is not overwritten yet. Try again.");
    }
}
