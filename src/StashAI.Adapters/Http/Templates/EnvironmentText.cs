using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace StashAI.Adapters.Http.Templates;

/// <summary>
/// A text with references: `${NAME}` is a variable of the environment, `${NAME:-text}` has a default, `${file:/path}` is the content of a
/// file, as secrets are mounted. `$${` stands for `${` itself.
/// </summary>
public sealed partial class EnvironmentText(string text)
{
    private const string FilePrefix = "file:";

    /// <summary>As declared.</summary>
    public string Source { get; } = text;

    /// <summary>True when it refers to something that should not be shown.</summary>
    public bool IsSecret => References(Source).Count > 0;

    /// <summary>The variables and files that it needs and that are not there.</summary>
    public IReadOnlyList<string> Missing(Func<string, string?> environment) =>
        [.. References(Source).Where(match => Find(match, environment).Value is null).Select(match => match.Groups["what"].Value)];

    /// <summary>The text with its references looked up; null when one is missing.</summary>
    public string? Resolve(Func<string, string?> environment) =>
        Missing(environment).Count > 0 ? null : Replace(Source, match => Find(match, environment).Value!);

    /// <summary>The same for a path or a query: what is put in is escaped.</summary>
    public string? ResolveEscaped(Func<string, string?> environment) =>
        Missing(environment).Count > 0 ? null : Replace(Source, match => Uri.EscapeDataString(Find(match, environment).Value!));

    /// <summary>The values that come from outside of the declaration: variables that are set, and files. Defaults stand in the file and are not among them.</summary>
    public IEnumerable<string> Values(Func<string, string?> environment) =>
        References(Source).Select(match => Find(match, environment)).Where(found => found is { Value: not null, IsDefault: false }).Select(found => found.Value!);

    /// <summary>Those of <see cref="Values"/> that are secrets by their name, or come from a file, as secrets are mounted.</summary>
    public IEnumerable<string> SecretValues(Func<string, string?> environment) => References(Source)
        .Where(match => IsSecretName(match.Groups["what"].Value)).SelectMany(match => new EnvironmentText(match.Value).Values(environment));

    /// <summary>True for a name in capitals that says that its value is a secret, and for files.</summary>
    public static bool IsSecretName(string name) => SecretName().IsMatch(name);

    /// <summary>Why the text cannot be used, or null.</summary>
    public static string? Refuse(string text) =>
        Reference().Replace(text, "").Contains("${", StringComparison.Ordinal)
            ? "'${' begins a reference that is not valid: write ${NAME}, ${NAME:-default} or ${file:/path}, or $${ for the two characters."
            : null;

    /// <inheritdoc/>
    public override string ToString() => Source;

    /// <summary>The references of a text, in order.</summary>
    internal static IReadOnlyList<Match> References(string text) => [.. Reference().Matches(text).Where(IsReference)];

    /// <summary>The text with its references replaced and its escapes undone.</summary>
    internal static string Replace(string text, Func<Match, string> value) => Reference().Replace(text, match => IsReference(match) ? value(match) : "${");

    /// <summary>A print of a text and of the files that it refers to; another one when any of them has changed, appeared or gone.</summary>
    public static string PrintOf(string text)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        foreach (var path in References(text).Select(match => match.Groups["what"].Value).Where(what => what.StartsWith(FilePrefix, StringComparison.Ordinal)))
            hash.AppendData(ReadFile(path[FilePrefix.Length..]) is { } content ? Encoding.UTF8.GetBytes('=' + content) : "-"u8);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>The text in which nothing is a reference any more.</summary>
    public static string Escape(string text) => text.Replace("${", "$${", StringComparison.Ordinal);

    private static bool IsReference(Match match) => match.Groups["what"].Success;

    private static (string? Value, bool IsDefault) Find(Match match, Func<string, string?> environment)
    {
        var what = match.Groups["what"].Value;
        if (what.StartsWith(FilePrefix, StringComparison.Ordinal))
        {
            return (ReadFile(what[FilePrefix.Length..]), false);
        }

        if (environment(what) is { Length: > 0 } value) return (value, false);
        return match.Groups["default"] is { Success: true } fallback ? (fallback.Value, true) : (null, false);
    }

    /// <summary>A file's content without space around it; null when there is none that can be read.</summary>
    private static string? ReadFile(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [GeneratedRegex("^file:|KEY|TOKEN|SECRET|PASS|CREDENTIAL|COOKIE|AUTH", RegexOptions.CultureInvariant)]
    private static partial Regex SecretName();

    [GeneratedRegex("""\$\$\{|\$\{(?<what>[A-Za-z_][A-Za-z0-9_]*|file:[^}:]+)(?::-(?<default>[^}]*))?\}""", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}
