using Microsoft.Extensions.Logging.Console;

namespace StashAI.Hosting.Terminal;

/// <summary>The options of <see cref="EscapingLogFormatter"/>; it uses only the format of the time.</summary>
public sealed class EscapingLogFormatterOptions : ConsoleFormatterOptions;
