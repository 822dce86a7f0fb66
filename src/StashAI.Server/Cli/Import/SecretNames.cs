using System.Text.RegularExpressions;

namespace StashAI.Server.Cli.Import;

/// <summary>Tells by their names which parts of a call are secrets. A name too many costs a variable; one too few, a key in a file.</summary>
internal static partial class SecretNames
{
    public static bool IsHeader(string name) => Header().IsMatch(name);

    public static bool IsField(string name) => Field().IsMatch(name);

    [GeneratedRegex("key|token|secret|auth|pass|cookie|credential|session|signature", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Header();

    /// <summary>Narrower than for headers: a body has `max_tokens` and `keywords` too.</summary>
    [GeneratedRegex(
        "(^|[._-]|api|app|access|auth|secret|private|license|subscription)key$|(^|[._-]|id|access|auth|bearer|refresh|session)token$|secret|passw|passphrase|credential|^auth$|authorization|cookie|^sig$|signature|session_?id$|^appid$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Field();
}
