using System.Text.RegularExpressions;

namespace StashAI.Gateway.Upstreams.Trials;

/// <summary>
/// Recognizes secrets of a call by their names. A false positive costs a variable; a false negative puts a key into a file.
/// </summary>
internal static partial class SecretNames
{
    public static bool IsHeader(string name) => Header().IsMatch(name);

    public static bool IsField(string name) => Field().IsMatch(name);

    [GeneratedRegex(
        "key|token|secret|auth|pass|cookie|credential|session|signature", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Header();

    /// <summary>Narrower than for headers: a body may have <c>max_tokens</c> and <c>keywords</c>.</summary>
    [GeneratedRegex(
        "(^|[._-]|api|app|access|auth|secret|private|license|subscription)key$|(^|[._-]|id|access|auth|bearer|refresh|session)token$|secret|passw|passphrase|credential|^auth$|authorization|cookie|^sig$|signature|session_?id$|^appid$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Field();
}
