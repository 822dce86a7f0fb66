using YamlDotNet.Core;

namespace StashAI.Adapters.Http.Reading;

/// <summary>
/// What the library for YAML throws at some texts that are not YAML, such as some without quotes and some tags: not that they are not YAML,
/// and without a place.
/// </summary>
internal static class YamlFaults
{
    /// <summary>True for such an exception.</summary>
    public static bool Is(Exception exception) => exception is InvalidOperationException or ArgumentException or FormatException;

    /// <summary>The error for a text at which it broke.</summary>
    /// <param name="parser">How far it had read.</param>
    public static DeclarationError Of(Parser parser)
    {
        var (line, column) = parser.Current is { } last ? ((int)last.End.Line, (int)last.End.Column) : (1, 1);
        return new DeclarationError(line, column, "This is not YAML from here on: put texts with special characters in quotes.");
    }
}
