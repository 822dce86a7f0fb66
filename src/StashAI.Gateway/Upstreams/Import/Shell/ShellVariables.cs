using System.Text.RegularExpressions;

namespace StashAI.Gateway.Upstreams.Import.Shell;

/// <summary>
/// Shell variables in the words of a command. They stay marks in the text until its use is known: in the declaration they become references
/// to the environment, and in the trial call values.
/// </summary>
internal static partial class ShellVariables
{
    // Unicode noncharacters, which do not occur in text.
    private const char Open = '\uFDD0';
    private const char Close = '\uFDD1';
    private const char Encoded = '\uFDD2';

    public static string Mark(string name, string? fallback) => $"{Open}{name}{(fallback is null ? "" : ":-" + fallback)}{Close}";

    /// <summary>Marks the variables of a text so that their values are percent-encoded when inserted.</summary>
    public static string Encode(string text) => text.Replace($"{Open}", $"{Open}{Encoded}", StringComparison.Ordinal);

    /// <summary>Marks the variables of a text so that their values are inserted as they are.</summary>
    public static string Decode(string text) => text.Replace($"{Encoded}", "", StringComparison.Ordinal);

    public static bool Has(string text) => text.Contains(Open, StringComparison.Ordinal);

    public static IEnumerable<string> Names(string text) => Marked().Matches(text).Select(match => match.Groups["name"].Value).Distinct();

    /// <summary>The name of the first variable, which may be cut off: a colon within it ends the name of a header or a login.</summary>
    public static string FirstIn(string text) =>
        Names(text).FirstOrDefault() ?? text[(text.IndexOf(Open) + 1)..].Replace($"{Encoded}", "", StringComparison.Ordinal);

    /// <summary>Replaces variables by their values, as the shell would.</summary>
    /// <exception cref="ImportException">A variable is not set.</exception>
    public static string Expand(string text, Func<string, string?> environment) =>
        !Has(text) ? text : Marked().Replace(text, match => ValueOf(match, environment)
            ?? throw new ImportException(
                $"the command uses the shell variable ${match.Groups["name"].Value}, which is not set here; "
                + "export it first, or write its value."));

    /// <summary>Replaces each variable, given its name and fallback.</summary>
    public static string Replace(string text, Func<string, string?, string> with) =>
        !Has(text) ? text : Marked().Replace(text, match => with(
            match.Groups["name"].Value, match.Groups["default"] is { Success: true, Value: var fallback } ? fallback : null));

    /// <exception cref="ImportException">The text contains a Unicode noncharacter.</exception>
    public static void Refuse(string command)
    {
        if (command.AsSpan().IndexOfAny(Open, Close, Encoded) >= 0)
        {
            throw new ImportException("the command contains a Unicode noncharacter (U+FDD0 to U+FDD2).");
        }
    }

    private static string? ValueOf(Match match, Func<string, string?> environment)
    {
        var value = environment(match.Groups["name"].Value);
        if (match.Groups["default"] is { Success: true, Value: var fallback } && string.IsNullOrEmpty(value)) value = fallback;
        return value is not null && match.Groups["encoded"].Success
            ? Uri.EscapeDataString(value).Replace("%20", "+", StringComparison.Ordinal)
            : value;
    }

    [GeneratedRegex("\uFDD0(?<encoded>\uFDD2)?(?<name>[^\uFDD1:]+)(?::-(?<default>[^\uFDD1]*))?\uFDD1", RegexOptions.CultureInvariant)]
    private static partial Regex Marked();
}
