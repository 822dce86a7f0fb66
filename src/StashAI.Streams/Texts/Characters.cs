namespace StashAI.Streams.Texts;

/// <summary>
/// Counts as people and JSON Schema do: an emoji is one character, though it is two units of a string. Limits that are said in characters
/// are checked with it.
/// </summary>
public static class Characters
{
    /// <summary>How many Unicode characters a text has.</summary>
    public static int CountOf(string text)
    {
        var count = text.Length;
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i - 1], text[i])) count--;
        }

        return count;
    }
}
