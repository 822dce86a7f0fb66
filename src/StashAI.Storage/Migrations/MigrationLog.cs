using Microsoft.Extensions.Logging;

namespace StashAI.Storage.Migrations;

/// <summary>What an operator hears of a change of the schema.</summary>
internal static partial class MigrationLog
{
    [LoggerMessage(1, LogLevel.Information, "{Database}: applying {Scripts}")]
    public static partial void Applying(ILogger logger, string database, string scripts);

    [LoggerMessage(2, LogLevel.Information, "A copy of the queue as it was is in {Backup} ({Megabytes:0.0} MB)")]
    public static partial void BackedUp(ILogger logger, string backup, double megabytes);
}
