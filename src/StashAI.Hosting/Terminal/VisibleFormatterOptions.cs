using Microsoft.Extensions.Logging.Console;

namespace StashAI.Hosting.Terminal;

/// <summary>How <see cref="VisibleFormatter"/> writes.</summary>
public sealed class VisibleFormatterOptions : ConsoleFormatterOptions;
