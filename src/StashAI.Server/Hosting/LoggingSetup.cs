using StashAI.Hosting.Terminal;

namespace StashAI.Server.Hosting;

/// <summary>Logs as an operator reads them: one line each, on standard error, so that standard output keeps the ready line.</summary>
internal static class LoggingSetup
{
    public static ILoggingBuilder AddStashAILogging(this ILoggingBuilder logging, LogLevel level)
    {
        logging.SetMinimumLevel(level);
        logging.AddFilter("Microsoft", level <= LogLevel.Debug ? LogLevel.Information : LogLevel.Warning);
        // It writes whole URLs, tickets included; AccessLog does not.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        return EscapingLogFormatter.AddTo(logging, "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ");
    }
}
