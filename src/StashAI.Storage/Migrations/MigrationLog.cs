using Microsoft.Extensions.Logging;

namespace StashAI.Storage.Migrations;

/// <summary>What an operator hears of a change of the schema.</summary>
internal static partial class MigrationLog
{
    [LoggerMessage(1, LogLevel.Information, "{Database}: applying {Scripts}")]
    public static partial void Applying(ILogger logger, string database, string scripts);

    [LoggerMessage(2, LogLevel.Information, "A copy of the queue as it was is in {Backup} ({Megabytes:0.0} MB)")]
    public static partial void BackedUp(ILogger logger, string backup, double megabytes);

    [LoggerMessage(3, LogLevel.Information, "The database URL has parameters that change nothing here: {Parameters}")]
    public static partial void Unused(ILogger logger, string parameters);

    [LoggerMessage(4, LogLevel.Information, "{Database} is behind a pooler in transaction mode: statements are not prepared, and what other processes do is found by polling")]
    public static partial void Shared(ILogger logger, string database);
}
