namespace StashAI.Server.Backups;

/// <summary>A finished backup.</summary>
/// <param name="Manifest">What it has.</param>
/// <param name="CopiedBytes">How many bytes of payloads were copied.</param>
/// <param name="LinkedFiles">How many payload files share their bytes with the queue.</param>
/// <param name="KnownFiles">How many payload files an earlier backup had brought.</param>
/// <param name="Leftover">Why files that the backup no longer needs are there still; null when they are gone.</param>
internal sealed record BackupOutcome(BackupManifest Manifest, long CopiedBytes, int LinkedFiles, int KnownFiles, string? Leftover);
