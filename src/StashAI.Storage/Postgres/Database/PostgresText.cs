using System.Text;

namespace StashAI.Storage.Postgres.Database;

/// <summary>Converts text to what PostgreSQL can store.</summary>
internal static class PostgresText
{
    /// <summary>
    /// Replaces what the server would refuse, NUL and unpaired surrogates, by U+FFFD. Clients and services may send anything.
    /// </summary>
    public static string? ToStorable(string? text)
    {
        if (text is null || !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') && !text.Contains('\0')) return text;
        var storable = new StringBuilder(text.Length);
        // Enumerating runes yields U+FFFD for invalid text.
        foreach (var rune in text.EnumerateRunes()) storable.Append(rune.Value == 0 ? Rune.ReplacementChar : rune);
        return storable.ToString();
    }
}
