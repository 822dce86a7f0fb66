using StashAI.Server.Exits;
using StashAI.Storage.Backups;
using StashAI.Storage.Payloads.Objects;

namespace StashAI.Server.Backups;

/// <summary>
/// Restores a backup into a data folder. Nothing there changes before all of the backup was read and found as it was written.
/// </summary>
/// <param name="folder">The folder of the backup.</param>
/// <param name="dataDirectory">The data folder.</param>
/// <param name="sharedPayloads">The folder that queues share for their payload files; null for none.</param>
/// <param name="keys">Who uses the bucket of the queue's objects; null for whom the environment of AWS's tools names.</param>
/// <param name="progress">Is told how far it is.</param>
/// <param name="clock">The clock of the machine.</param>
internal sealed class RestoreRun(
    string folder, string dataDirectory, string? sharedPayloads, S3Keys? keys, Action<BackupStep> progress, TimeProvider clock)
{
    /// <param name="mayReplace">True to move aside what the data folder has.</param>
    /// <param name="acceptsDamage">True to restore everything else where payloads of the backup are missing or altered.</param>
    /// <param name="cancellationToken">Stops the restore before anything changed.</param>
    /// <exception cref="UsageException">There is no finished backup, or the data folder cannot be used.</exception>
    /// <exception cref="StartException">Nothing was restored, because the backup or the disk has a problem.</exception>
    public async Task<RestoreOutcome> RunAsync(bool mayReplace, bool acceptsDamage, CancellationToken cancellationToken)
    {
        var manifest = BackupReader.Open(folder);
        RequireOutside();
        if (sharedPayloads is not null && manifest.Objects is { } outside)
        {
            // A queue with another name would not find them.
            throw new UsageException(
                $"Photos of this queue are objects in {outside.Place}, and PAYLOADS names a folder: set PAYLOADS={outside.Place}");
        }

        var name = manifest.PayloadFolder ?? Guid.NewGuid().ToString("N");
        var target = new RestoreTarget(
            dataDirectory,
            sharedPayloads is not null ? Path.Combine(sharedPayloads, name)
            : manifest.Database == BackupManifest.Sqlite ? RestoreTarget.PayloadsIn(dataDirectory)
            : Path.Combine(dataDirectory, "payloads", name));
        target.Begin(mayReplace);
        try
        {
            var reader = new BackupReader(folder, progress, "Restoring", keys);
            await reader.ReadAsync(manifest, target, cancellationToken);
            if (reader.Problems.Count > 0 && !(acceptsDamage && reader.LacksOnlyPayloads))
            {
                throw new DamagedBackupException(
                    $"{folder} is damaged, so nothing was restored. "
                    + (reader.LacksOnlyPayloads
                        ? "Only payloads are missing or altered: take another backup, or give --accept-damage to restore everything else. "
                            + "Tasks that need these payloads fail then."
                        : "Take another backup; 'stashai backup verify' checks one."),
                    reader.Problems);
            }

            if (manifest.Payloads.Count + manifest.Payloads.Damaged > 0) target.CreatePayloads();
            if (manifest.Has(BackupManifest.QueueFile)) Prepare(target.PathOf(BackupManifest.QueueFile)!, name);
            target.Flush();
            cancellationToken.ThrowIfCancellationRequested();
            return new RestoreOutcome(manifest, target.Payloads, target.Commit(clock.GetUtcNow()), reader.Problems);
        }
        catch (Exception exception) when (!target.IsCommitted)
        {
            TryDiscard(target);
            if (DiskErrors.Explain(exception, dataDirectory) is not { } reason) throw;
            throw new StartException($"{reason} Nothing was restored.", exception);
        }
    }

    /// <summary>A backup in the folder that it replaces would move away with it.</summary>
    private void RequireOutside()
    {
        if ((folder + Path.DirectorySeparatorChar).StartsWith(dataDirectory + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new UsageException($"{folder} is inside of {dataDirectory}: move the backup elsewhere, or name another folder.");
    }

    private void Prepare(string queue, string name)
    {
        if (RestoredQueue.Refusal(queue) is { } refusal) throw new StartException(refusal);
        if (sharedPayloads is not null) RestoredQueue.SetFolder(queue, name);
    }

    private static void TryDiscard(RestoreTarget target)
    {
        try
        {
            target.Discard();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next restore removes it, and no server starts with it.
        }
    }
}
