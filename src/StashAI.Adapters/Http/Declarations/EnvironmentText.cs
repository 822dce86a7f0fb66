using System.Text.RegularExpressions;

namespace StashAI.Adapters.Http.Declarations;

/// <summary>
/// A text with references: `${NAME}` is a variable of the environment, `${NAME:-text}` has a default, `${file:/path}` is the content of a
/// file, as secrets are mounted.
/// </summary>
public sealed partial class EnvironmentText(string text)
{
    /// <summary>As declared.</summary>
    public string Source { get; } = text;

    /// <summary>True when it refers to something that should not be shown.</summary>
    public bool IsSecret => Reference().IsMatch(Source);

    /// <summary>The variables and files that it needs and that are not there.</summary>
    public IReadOnlyList<string> Missing(Func<string, string?> environment) =>
        [.. Reference().Matches(Source).Where(match => Find(match, environment) is null).Select(match => match.Groups["what"].Value)];

    /// <summary>The text with its references looked up; null when one is missing.</summary>
    public string? Resolve(Func<string, string?> environment) =>
        Missing(environment).Count > 0 ? null : Reference().Replace(Source, match => Find(match, environment)!);

    /// <summary>Why the text cannot be used, or null.</summary>
    public static string? Refuse(string text)
    {
        var rest = Reference().Replace(text, "");
        return rest.Contains("${", StringComparison.Ordinal)
            ? "'${' begins a reference that is none: write ${NAME}, ${NAME:-default} or ${file:/path}."
            : null;
    }

    /// <inheritdoc/>
    public override string ToString() => Source;

    private static string? Find(Match match, Func<string, string?> environment)
    {
        var what = match.Groups["what"].Value;
        if (what.StartsWith("file:", StringComparison.Ordinal))
        {
            var path = what["file:".Length..];
            return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
        }

        return environment(what) is { Length: > 0 } value ? value : match.Groups["default"] is { Success: true } fallback ? fallback.Value : null;
    }

    [GeneratedRegex("""\$\{(?<what>[A-Za-z_][A-Za-z0-9_]*|file:[^}:]+)(?::-(?<default>[^}]*))?\}""", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}
