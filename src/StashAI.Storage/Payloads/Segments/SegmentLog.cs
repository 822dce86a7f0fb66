using Microsoft.Extensions.Logging;

namespace StashAI.Storage.Payloads.Segments;

/// <summary>Log messages about segments.</summary>
internal static partial class SegmentLog
{
    [LoggerMessage(
        6,
        LogLevel.Warning,
        "Nothing is removed from {Place} because the lock beside it cannot be opened: {Reason}. Let the user of the server open it")]
    public static partial void NotRemoving(ILogger logger, string place, string reason);
}
