namespace StashAI.Server.Hosting;

/// <summary>What the composition tells an operator.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(1, LogLevel.Information, "The queue is in {Database}")]
    public static partial void QueueOpened(ILogger logger, string database);
}
