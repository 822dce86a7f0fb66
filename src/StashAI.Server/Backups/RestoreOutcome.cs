namespace StashAI.Server.Backups;

/// <summary>A finished restore.</summary>
/// <param name="Manifest">What was restored.</param>
/// <param name="Payloads">Where the payload files are.</param>
/// <param name="Aside">The folder that has what was in the data folder before; null when it was empty.</param>
/// <param name="Problems">One sentence for each payload that the backup has no more; empty for a backup without damage.</param>
internal sealed record RestoreOutcome(BackupManifest Manifest, string Payloads, string? Aside, IReadOnlyList<string> Problems);
