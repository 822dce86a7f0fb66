namespace StashAI.Server.Backups;

/// <summary>Files of a backup are missing or altered.</summary>
/// <param name="message">One sentence or two, for the person at the terminal.</param>
/// <param name="problems">One sentence for each file.</param>
internal sealed class DamagedBackupException(string message, IReadOnlyList<string> problems) : Exception(message)
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
