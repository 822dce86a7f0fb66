using Microsoft.Extensions.Logging;

namespace StashAI.Storage.Uploads;

/// <summary>Log messages about uploads.</summary>
internal static partial class UploadLog
{
    [LoggerMessage(
        7,
        LogLevel.Warning,
        "What an upload that was not committed has stored could not all be removed; the rest is removed later: {Reason}")]
    public static partial void NotDiscarded(ILogger logger, string reason);
}
