using StashAI.SqliteFiles;
using StashAI.Storage.Migrations;

namespace StashAI.Storage.Sqlite.Database;

/// <summary>Overwrites what the queue's file has freed, and empties the write-ahead log (docs/adr/0035).</summary>
internal sealed class SqliteScrub(SqliteDatabase database)
{
    // Older versions filled this table to use up free pages, and may have been interrupted.
    private const string Change = "INSERT INTO erasure_blanks (data) VALUES (zeroblob(1)); DELETE FROM erasure_blanks";

    /// <inheritdoc cref="DatabaseScrub.RunAsync"/>
    /// <param name="goOn">Called after each 64 MB; false ends it.</param>
    /// <param name="cancellationToken">Ends it after some megabytes.</param>
    public Task<bool> RunAsync(Func<Task<bool>> goOn, CancellationToken cancellationToken) => Task.Run(
        async () =>
        {
            using var writer = database.OpenWriter();
            using var reader = database.OpenReader();
            using var turn = new WriterTurn(database.Path);
            var scrub = new DatabaseScrub(writer.Handle, reader.Handle, turn.Take, turn.End);
            var isDone = await scrub.RunAsync(Change, goOn, cancellationToken);
            if (isDone && !scrub.IsComplete) MigrationLog.TooLargeToScrub(database.Logger, database.Path);
            return isDone;
        },
        cancellationToken);
}
