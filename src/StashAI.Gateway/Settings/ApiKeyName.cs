using StashAI.Streams.Texts;

namespace StashAI.Gateway.Settings;

/// <summary>
/// The name of an API key in the database. Jobs keep it as their owner, so a name is for one key only: a key that took the name of another,
/// or of a key of the settings, would own its jobs.
/// </summary>
internal static class ApiKeyName
{
    private const int MaxLength = 100;

    private static readonly string[] Reserved = [Queue.Model.Audit.AuditEntry.Local, Queue.Model.Audit.AuditEntry.Anonymous];

    /// <summary>What a refusal of a used name says.</summary>
    public static string Taken(string name) =>
        $"A key named {name} exists, or existed and owns its jobs: choose another name. A name is never used again.";

    /// <summary>What is wrong with a name, as the end of a sentence that begins with the field; null when it is fine.</summary>
    public static string? Problem(string name)
    {
        if (name.Length == 0 || Characters.CountOf(name) > MaxLength || name.Any(char.IsControl))
            return $"must have 1 to {MaxLength} characters on one line.";
        return Reserved.Contains(name, StringComparer.OrdinalIgnoreCase)
            || name.StartsWith(ConfiguredKeys.KeysSetting, StringComparison.OrdinalIgnoreCase)
            ? $"must not be {string.Join(", ", Reserved)} or begin with {ConfiguredKeys.KeysSetting}: those name other callers."
            : null;
    }
}
