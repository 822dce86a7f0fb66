using Microsoft.Extensions.Logging;

namespace StashAI.Storage.Migrations;

/// <summary>Log messages about the database as such, and changes of its schema.</summary>
internal static partial class MigrationLog
{
    [LoggerMessage(1, LogLevel.Information, "{Database}: applying {Scripts}")]
    public static partial void Applying(ILogger logger, string database, string scripts);

    [LoggerMessage(2, LogLevel.Information, "Copied the queue before the change to {Backup} ({Megabytes:0.0} MB)")]
    public static partial void BackedUp(ILogger logger, string backup, double megabytes);

    [LoggerMessage(3, LogLevel.Information, "These parameters of the database URL have no effect: {Parameters}")]
    public static partial void UnusedParameters(ILogger logger, string parameters);

    [LoggerMessage(
        4,
        LogLevel.Information,
        "{Database} is behind a pooler in transaction mode: statements are not prepared, "
        + "and changes by other processes are found by polling")]
    public static partial void TransactionPooling(ILogger logger, string database);

    [LoggerMessage(
        5,
        LogLevel.Warning,
        "{Database} is too large to overwrite what is left of an erased person in gaps of its pages: "
        + "run VACUUM while the server is stopped")]
    public static partial void TooLargeToScrub(ILogger logger, string database);
}
