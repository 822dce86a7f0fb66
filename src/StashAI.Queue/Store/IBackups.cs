using StashAI.Queue.Model.Nodes;

namespace StashAI.Queue.Store;

/// <summary>Reads what the queue knows of its backups, which <c>stashai backup</c> records.</summary>
public interface IBackups
{
    /// <summary>Reads the newest backup, and the newest run when it failed.</summary>
    Task<BackupStanding> ReadBackupsAsync(CancellationToken cancellationToken);
}
