using StashAI.Hosting.Terminal;

namespace StashAI.Server.Hosting;

/// <summary>Sets up the log: one line per entry on standard error, so that standard output has only the ready line.</summary>
internal static class LoggingSetup
{
    public static ILoggingBuilder AddStashAILogging(this ILoggingBuilder logging, LogLevel level)
    {
        logging.SetMinimumLevel(level);
        logging.AddFilter("Microsoft", level <= LogLevel.Debug ? LogLevel.Information : LogLevel.Warning);
        // It would log whole URLs, including tickets; AccessLog does not.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        return EscapingLogFormatter.AddTo(logging, "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ");
    }
}
