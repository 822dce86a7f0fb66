using System.Text;

namespace StashAI.Storage.Postgres.Database;

/// <summary>Text as PostgreSQL can keep it.</summary>
internal static class PostgresText
{
    /// <summary>The text with U+FFFD for what the server would refuse: NUL, and halves of surrogate pairs. Clients and services may send anything.</summary>
    public static string? Storable(string? text)
    {
        if (text is null || !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') && !text.Contains('\0')) return text;
        var storable = new StringBuilder(text.Length);
        // Runes come out of broken text as U+FFFD.
        foreach (var rune in text.EnumerateRunes()) storable.Append(rune.Value == 0 ? Rune.ReplacementChar : rune);
        return storable.ToString();
    }
}
