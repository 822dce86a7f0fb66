using Microsoft.Data.Sqlite;
using Npgsql;
using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Store;
using StashAI.Server.Backups;
using StashAI.Server.Exits;
using StashAI.Server.Options;
using StashAI.Storage.Backups;

namespace StashAI.Server.Cli.Backups;

/// <summary>
/// Tells the queue how its backups went, so that the server can show it. A backup is as good without that: what goes wrong here is a
/// remark.
/// </summary>
internal sealed class BackupRecorder(BackupCall call, string queue, DatabaseServer? server)
{
    private const int MaxErrorLength = 1000;

    private readonly IBackupJournal journal = server is null ? new SqliteBackupJournal(queue) : new PostgresBackupJournal(server.Url);

    /// <summary>Runs a backup and records how it ended.</summary>
    public async Task<BackupOutcome> RecordAsync(BackupPlan plan, Func<Task<BackupOutcome>> run)
    {
        try
        {
            var outcome = await run();
            var manifest = outcome.Manifest;
            var hasQueue = manifest.Database == BackupManifest.Sqlite || manifest.Has(BackupManifest.DumpFile);
            await TryAsync(journal.RecordAsync(
                new RecordedBackup(
                    plan.Folder, Environment.MachineName, call.Clock.GetUtcNow(), null, manifest.CreatedAt, manifest.Size,
                    manifest.Payloads.Damaged, hasQueue),
                CancellationToken.None));
            return outcome;
        }
        catch (Exception exception)
        {
            var reason = exception is OperationCanceledException ? "It was interrupted." : exception.Message;
            await TryAsync(journal.RecordAsync(
                new RecordedBackup(plan.Folder, Environment.MachineName, call.Clock.GetUtcNow(), Cut(reason)), CancellationToken.None));
            throw;
        }
    }

    /// <summary>Records what a check of a backup found.</summary>
    /// <param name="manifest">The backup.</param>
    /// <param name="problems">What is wrong with it.</param>
    /// <param name="isAsked">True to say so where the queue does not know the backup.</param>
    public async Task RecordCheckAsync(BackupManifest manifest, IReadOnlyList<string> problems, bool isAsked)
    {
        var error = problems.Count == 0 ? null : Cut($"{problems[0]}{(problems.Count == 1 ? "" : $" And {problems.Count - 1} more.")}");
        var isKnown = await TryAsync(
            journal.RecordCheckAsync(manifest.CreatedAt, call.Clock.GetUtcNow(), error, CancellationToken.None));
        if (isKnown == false && isAsked)
            await call.SayAsync("The queue does not know this backup, so the server will not show that it was verified.");
    }

    private static string Cut(string text) => text.Length <= MaxErrorLength ? text : $"{text[..MaxErrorLength]}…";

    private async Task<bool?> TryAsync(Task<bool> record)
    {
        try
        {
            return await record;
        }
        catch (Exception exception) when (exception is SqliteException or NpgsqlException or StoreOpenException)
        {
            await call.SayAsync($"The server will not show this: the queue could not record it ({exception.Message.TrimEnd('.')}).");
            return null;
        }
    }
}
