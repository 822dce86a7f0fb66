namespace StashAI.Adapters.Http;

/// <summary>The lines of a stream of events, which end in LF, CR LF or a lone CR.</summary>
internal static class EventLines
{
    /// <summary>The bytes that end lines, of which CR LF are one end.</summary>
    public static ReadOnlySpan<byte> Ends => "\r\n"u8;

    /// <summary>The length of the first line with its end; 0 where no line ends. A CR at the end of the text ends a line.</summary>
    public static int LengthOfFirst(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny(Ends);
        if (end < 0) return 0;
        return text[end..].StartsWith(Ends) ? end + 2 : end + 1;
    }

    /// <summary>The length of all lines that have an end; 0 where no line ends.</summary>
    public static int LengthOfWhole(ReadOnlySpan<byte> text) => text.LastIndexOfAny(Ends) + 1;
}
