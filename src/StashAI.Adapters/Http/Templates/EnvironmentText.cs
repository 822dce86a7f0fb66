using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using StashAI.Streams.Files;

namespace StashAI.Adapters.Http.Templates;

/// <summary>
/// A text with references: <c>${NAME}</c> is an environment variable, <c>${NAME:-text}</c> has a default, and <c>${file:/path}</c> is the
/// content of a file, such as a mounted secret. <c>$${</c> is an escaped <c>${</c>.
/// </summary>
public sealed partial class EnvironmentText(string text)
{
    private const string FilePrefix = "file:";

    /// <summary>The text as declared.</summary>
    public string Source { get; } = text;

    /// <summary>True when the text has references, whose values must not be shown.</summary>
    public bool HasReferences => References(Source).Count > 0;

    /// <summary>The variables and files that the text refers to and that do not exist.</summary>
    public IReadOnlyList<string> FindMissing(Func<string, string?> environment) =>
        [.. References(Source).Where(match => Lookup(match, environment).Value is null).Select(match => match.Groups["what"].Value)];

    /// <summary>The text with its references replaced by their values; null when one is missing.</summary>
    public string? Resolve(Func<string, string?> environment) =>
        FindMissing(environment).Count > 0 ? null : Replace(Source, match => Lookup(match, environment).Value!);

    /// <summary>Like <see cref="Resolve"/>, for a path or a query: the values are escaped.</summary>
    public string? ResolveEscaped(Func<string, string?> environment) =>
        FindMissing(environment).Count > 0 ? null : Replace(Source, match => Uri.EscapeDataString(Lookup(match, environment).Value!));

    /// <summary>
    /// The values of the variables that are set and of the files. Defaults are not included: the declaration itself contains them.
    /// </summary>
    public IEnumerable<string> Values(Func<string, string?> environment) =>
        References(Source).Select(match => Lookup(match, environment)).Where(found => found is { Value: not null, IsDefault: false })
            .Select(found => found.Value!);

    /// <summary>Those of <see cref="Values"/> that are secrets: by the name of their variable, or because they come from a file.</summary>
    public IEnumerable<string> SecretValues(Func<string, string?> environment) => References(Source)
        .Where(match => IsSecretName(match.Groups["what"].Value)).SelectMany(match => new EnvironmentText(match.Value).Values(environment));

    /// <summary>True for files, and for an upper-case name that suggests a secret, such as one with KEY or TOKEN.</summary>
    public static bool IsSecretName(string name) => SecretName().IsMatch(name);

    /// <summary>True when a reference is one to a file.</summary>
    public static bool IsFile(string reference) => reference.StartsWith(FilePrefix, StringComparison.Ordinal);

    /// <summary>The path of a reference to a file.</summary>
    public static string PathOf(string reference) => reference[FilePrefix.Length..];

    /// <summary>Why the text is not valid; null when it is.</summary>
    public static string? ReasonToRefuse(string text) =>
        Reference().Replace(text, "").Contains("${", StringComparison.Ordinal)
            ? "'${' starts a reference that is not valid: use ${NAME}, ${NAME:-default} or ${file:/path}, or write $${ for a literal ${."
            : null;

    /// <inheritdoc/>
    public override string ToString() => Source;

    /// <summary>The references of a text, in order.</summary>
    internal static IReadOnlyList<Match> References(string text) => [.. Reference().Matches(text).Where(IsReference)];

    /// <summary>The text with its references replaced and its escapes resolved.</summary>
    internal static string Replace(string text, Func<Match, string> value) =>
        Reference().Replace(text, match => IsReference(match) ? value(match) : "${");

    /// <summary>
    /// A fingerprint of a text and of the files that it refers to. It differs when the text or a file has changed, appeared or disappeared.
    /// </summary>
    public static string PrintOf(string text)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        foreach (var path in References(text).Select(match => match.Groups["what"].Value).Where(IsFile))
            hash.AppendData(ReadFile(PathOf(path)) is { } content ? Encoding.UTF8.GetBytes('=' + content) : "-"u8);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>Escapes a text so that it has no references.</summary>
    public static string Escape(string text) => text.Replace("${", "$${", StringComparison.Ordinal);

    private static bool IsReference(Match match) => match.Groups["what"].Success;

    private static (string? Value, bool IsDefault) Lookup(Match match, Func<string, string?> environment)
    {
        var name = match.Groups["what"].Value;
        if (IsFile(name))
        {
            return (ReadFile(PathOf(name)), false);
        }

        if (environment(name) is { Length: > 0 } value) return (value, false);
        return match.Groups["default"] is { Success: true } fallback ? (fallback.Value, true) : (null, false);
    }

    /// <summary>A file's content without space around it; null when there is none that can be read.</summary>
    private static string? ReadFile(string path)
    {
        try
        {
            return RegularFile.ReadAllText(path).Trim();
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
