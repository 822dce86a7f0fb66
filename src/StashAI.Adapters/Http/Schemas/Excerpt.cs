namespace StashAI.Adapters.Http.Schemas;

/// <summary>Shortens untrusted texts for messages: a name or a value may have millions of characters.</summary>
public static class Excerpt
{
    private const int Usual = 80;

    /// <summary>The text; if it is too long, its start and three dots.</summary>
    public static string Of(string text, int maxLength = Usual)
    {
        if (text.Length <= maxLength) return text;
        var end = maxLength - 3;
        if (char.IsHighSurrogate(text[end - 1])) end--;
        return text[..end] + "...";
    }

    /// <summary>The first names of a list, and the number of those left out.</summary>
    public static string List(IEnumerable<string> names, int maxNames = 20)
    {
        var all = names as ICollection<string> ?? [.. names];
        var shown = string.Join(", ", all.Take(maxNames).Select(name => Of(name)));
        return all.Count > maxNames ? $"{shown} and {all.Count - maxNames} more" : shown;
    }

    /// <summary>The sentence that ends an error about an unknown field.</summary>
    /// <param name="names">The fields that there are; there may be none.</param>
    public static string KnownFields(IEnumerable<string> names) =>
        List(names) is { Length: > 0 } list ? $" Known fields: {list}." : " There is no field here.";
}
