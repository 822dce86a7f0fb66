using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace StashAI.Hosting.Terminal;

/// <summary>
/// Writes each log entry, with its exception, as one line: <c>info: Category[1] message</c>. Control characters are escaped, so that text
/// from clients and services cannot move the cursor, change colors or fake a line.
/// </summary>
public sealed class EscapingLogFormatter(IOptions<EscapingLogFormatterOptions> options, TimeProvider? clock = null)
    : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "stashai";

    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    /// <summary>The host's event `HostedServiceStartupFaulted`.</summary>
    private const int StartFailed = 11;

    private const string ResetColor = "\u001b[39m\u001b[22m";

    private readonly TimeProvider clock = clock ?? TimeProvider.System;

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        if (IsSaidElsewhere(logEntry.Category, logEntry.EventId)) return;
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        if (message is null && logEntry.Exception is null) return;
        if (options.Value.TimestampFormat is { } format) textWriter.Write(clock.GetUtcNow().ToString(format, CultureInfo.InvariantCulture));
        var (label, color) = Level(logEntry.LogLevel);
        textWriter.Write(Console.IsErrorRedirected || color.Length == 0 ? label : color + label + ResetColor);
        textWriter.Write(string.Create(CultureInfo.InvariantCulture, $": {EscapedText.Line(logEntry.Category)}[{logEntry.EventId.Id}]"));
        WritePart(textWriter, message);
        WritePart(textWriter, logEntry.Exception?.ToString());
        textWriter.Write(Environment.NewLine);
    }

    /// <summary>Adds console logging in this format to standard error.</summary>
    /// <param name="logging">The logging to add it to.</param>
    /// <param name="timestampFormat">The format of the time at the start of each line; null for no time.</param>
    public static ILoggingBuilder AddTo(ILoggingBuilder logging, string? timestampFormat)
    {
        logging.AddConsoleFormatter<EscapingLogFormatter, EscapingLogFormatterOptions>(format => format.TimestampFormat = timestampFormat);
        return logging.AddConsole(console =>
        {
            console.FormatterName = FormatterName;
            console.LogToStandardErrorThreshold = LogLevel.Trace;
        });
    }

    /// <summary>Whoever started the host reports a failed start in one sentence; the host itself would write the whole stack.</summary>
    private static bool IsSaidElsewhere(string category, EventId id) => id.Id == StartFailed && category == HostCategory;

    /// <summary>Writes the text in one line, also if it has several.</summary>
    private static void WritePart(TextWriter writer, string? text)
    {
        if (string.IsNullOrEmpty(text)) return;
        writer.Write(' ');
        writer.Write(EscapedText.Line(text.ReplaceLineEndings(" ")));
    }

    private static (string Word, string Color) Level(LogLevel level) => level switch
    {
        LogLevel.Trace => ("trce", ""),
        LogLevel.Debug => ("dbug", ""),
        LogLevel.Information => ("info", "\u001b[32m"),
        LogLevel.Warning => ("warn", "\u001b[1m\u001b[33m"),
        LogLevel.Error => ("fail", "\u001b[1m\u001b[31m"),
        _ => ("crit", "\u001b[1m\u001b[31m"),
    };
}
