namespace StashAI.Gateway.Live.Hub;

/// <summary>Log messages of the live feed.</summary>
internal static partial class LiveLog
{
    [LoggerMessage(1, LogLevel.Warning, "The live feed could not compare versions, trying again: {Reason}")]
    public static partial void PollFailed(ILogger logger, string reason);

    [LoggerMessage(2, LogLevel.Debug, "Socket of session {Session} closed: {Reason}")]
    public static partial void SocketClosed(ILogger logger, string session, string reason);

    [LoggerMessage(3, LogLevel.Warning, "The live feed could not read what a client follows, trying again: {Reason}")]
    public static partial void ReadFailed(ILogger logger, string reason);

    [LoggerMessage(4, LogLevel.Warning, "A message of session {Session} could not be answered: {Reason}")]
    public static partial void AnswerFailed(ILogger logger, string session, string reason);

    [LoggerMessage(5, LogLevel.Debug, "An event stream closed: {Reason}")]
    public static partial void StreamClosed(ILogger logger, string reason);
}
