namespace StashAI.Server.Backups;

/// <summary>How far a backup, a check or a restore is.</summary>
/// <param name="What">What is being done, as the beginning of a sentence.</param>
/// <param name="Done">How many bytes are done.</param>
/// <param name="Total">How many there are; 0 where that is unknown.</param>
internal readonly record struct BackupStep(string What, long Done, long Total);
