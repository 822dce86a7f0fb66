using Microsoft.Extensions.Logging;

namespace StashAI.Storage.Payloads.Files;

/// <summary>Log messages about payload files.</summary>
internal static partial class SegmentLog
{
    [LoggerMessage(
        6,
        LogLevel.Warning,
        "Nothing is removed from {Folder} because the lock beside it cannot be opened: {Reason}. Let the user of the server open it")]
    public static partial void NotRemoving(ILogger logger, string folder, string reason);
}
