using System.Text.RegularExpressions;

namespace StashAI.Hosting.Settings;

/// <summary>
/// Finds variables that look like settings of ours and are none: somebody wrote a name wrong, and nothing would ever say so.
/// </summary>
public static partial class UnknownVariables
{
    /// <summary>No other program has variables that begin so.</summary>
    private static readonly string[] Prefixes =
        ["STASHAI_", "VISAGE_", "RETENTION_", "ALLOWED_", "DIRECT_", "MIN_UPLOAD_", "API_KEYS", "SECRETS_KEY"];

    /// <summary>One sentence for each such variable.</summary>
    /// <param name="variables">The names of all variables.</param>
    /// <param name="settings">The names of all settings.</param>
    public static IEnumerable<string> Find(IEnumerable<string> variables, IReadOnlyCollection<string> settings)
    {
        foreach (var name in variables.Order(StringComparer.Ordinal))
        {
            if (settings.Contains(name) || OfOthers().IsMatch(name)) continue;
            var nearest = NearestName.Of(name, settings);
            var isOurs = Array.Exists(Prefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
            if (nearest is null ? !isOurs : name.EndsWith("_API_URL", StringComparison.Ordinal) && !isOurs) continue;
            yield return nearest is null
                ? $"{name} is not a setting, and nothing reads it."
                : $"{name} is not a setting; did you mean {nearest}?";
        }
    }

    /// <summary>What Kubernetes sets for a service called `visage` or `stashai`, and the keys of declared services.</summary>
    [GeneratedRegex("_SERVICE_HOST$|_SERVICE_PORT(_|$)|_PORT$|_PORT_[0-9]+_(TCP|UDP)|_API_KEY$|^OTEL_", RegexOptions.CultureInvariant)]
    private static partial Regex OfOthers();
}
