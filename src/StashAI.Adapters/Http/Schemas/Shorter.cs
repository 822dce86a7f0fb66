namespace StashAI.Adapters.Http.Schemas;

/// <summary>Shortens untrusted texts for messages: a name or a value may have millions of characters.</summary>
public static class Shorter
{
    private const int Usual = 80;

    /// <summary>The text; if it is too long, its start and three dots.</summary>
    public static string Of(string text, int most = Usual)
    {
        if (text.Length <= most) return text;
        var end = most - 3;
        if (char.IsHighSurrogate(text[end - 1])) end--;
        return text[..end] + "...";
    }

    /// <summary>The first names of a list, and the number of those left out.</summary>
    public static string List(IEnumerable<string> names, int most = 20)
    {
        var all = names as ICollection<string> ?? [.. names];
        var shown = string.Join(", ", all.Take(most).Select(name => Of(name)));
        return all.Count > most ? $"{shown} and {all.Count - most} more" : shown;
    }
}
