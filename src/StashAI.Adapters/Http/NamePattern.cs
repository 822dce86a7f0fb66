namespace StashAI.Adapters.Http;

/// <summary>A name in which <c>*</c> stands for any characters, also for none; every other character stands for itself.</summary>
internal static class NamePattern
{
    /// <summary>True where the pattern describes the whole name, letter for letter.</summary>
    public static bool Matches(string pattern, string name)
    {
        var parts = pattern.Split('*');
        if (parts.Length == 1) return pattern == name;
        if (!name.StartsWith(parts[0], StringComparison.Ordinal)) return false;
        var at = parts[0].Length;
        foreach (var part in parts[1..^1])
        {
            // The first place is as good as any: what follows may only be further on.
            var found = name.IndexOf(part, at, StringComparison.Ordinal);
            if (found < 0) return false;
            at = found + part.Length;
        }

        return name.Length - at >= parts[^1].Length && name.EndsWith(parts[^1], StringComparison.Ordinal);
    }
}
