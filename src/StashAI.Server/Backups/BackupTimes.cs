using System.Globalization;

namespace StashAI.Server.Backups;

/// <summary>How the time of a backup is written for people.</summary>
internal static class BackupTimes
{
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
