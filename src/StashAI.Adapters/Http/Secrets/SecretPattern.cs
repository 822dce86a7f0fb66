using System.Buffers;
using System.Globalization;
using System.Text;

namespace StashAI.Adapters.Http.Secrets;

/// <summary>
/// Finds a value in a text in which each character may be written plainly, percent-encoded, as a JSON escape or as an HTML entity. Forms
/// may be mixed, as in a URL in which only some characters are encoded, and characters may be encoded twice.
/// </summary>
internal sealed class SecretPattern
{
    /// <summary>The characters that start an encoded character.</summary>
    private const string EscapeStarts = "%\\&";

    /// <summary>The shortest part of a value at the end of a text that counts as a cut-off value.</summary>
    private const int ShortestPart = 4;

    /// <summary>The most characters of an encoded character. A text that ends earlier may have been cut off inside one.</summary>
    private const int LongestCharacter = 12;

    private readonly SearchValues<char> startCharacters;
    private readonly string value;

    public SecretPattern(string value)
    {
        this.value = value;
        var first = value[0];
        startCharacters = SearchValues.Create(
            [first, char.ToUpperInvariant(first), char.ToLowerInvariant(first), first == ' ' ? '+' : first, .. EscapeStarts]);
    }

    /// <summary>The plain value.</summary>
    public string Value => value;

    /// <summary>
    /// Replaces the value in a text by <paramref name="shown"/>; returns the same text when it does not contain the value.
    /// </summary>
    /// <param name="shown">The replacement.</param>
    /// <param name="isForPeople">
    /// True for messages: ignores case, and also finds the start of the value at the end of the text, which may have been cut off.
    /// </param>
    public string Hide(string text, string shown, bool isForPeople)
    {
        StringBuilder? hidden = null;
        var copied = 0;
        for (var at = 0; (at = NextStart(text, at)) < text.Length;)
        {
            var end = EndOfMatch(text, at, isForPeople);
            if (end < 0)
            {
                at++;
                continue;
            }

            (hidden ??= new StringBuilder(text.Length)).Append(text, copied, at - copied).Append(shown);
            copied = at = end;
        }

        return hidden is null ? text : hidden.Append(text, copied, text.Length - copied).ToString();
    }

    private int NextStart(string text, int position) =>
        text.AsSpan(position).IndexOfAny(startCharacters) is var found and >= 0 ? position + found : text.Length;

    /// <summary>The end of the value that starts at <paramref name="begin"/>; -1 when the value does not start there.</summary>
    private int EndOfMatch(string text, int begin, bool isForPeople)
    {
        if (string.CompareOrdinal(text, begin, value, 0, value.Length) == 0) return begin + value.Length;
        // %2525 is either a percent sign encoded twice, or one encoded once that is followed by the digits 25.
        return EndOfMatch(text, begin, isForPeople, isTwice: true) is var end and >= 0
            ? end
            : EndOfMatch(text, begin, isForPeople, isTwice: false);
    }

    private int EndOfMatch(string text, int begin, bool isForPeople, bool isTwice)
    {
        var at = begin;
        for (var i = 0; i < value.Length;)
        {
            var (next, count) = MatchCharacter(text, at, i, isForPeople, isTwice);
            if (count == 0) return isForPeople && i >= ShortestPart && IsCutOff(text, at) ? text.Length : -1;
            at = next;
            i += count;
        }

        return at;
    }

    private static bool IsCutOff(string text, int position) =>
        position == text.Length
        || (text.Length - position < LongestCharacter && (EscapeStarts.Contains(text[position], StringComparison.Ordinal)
            || (position == text.Length - 1 && text[position] == '\uFFFD')));

    /// <summary>
    /// Matches a character of the value: returns where it ends in the text and how many characters of the value it covers; 0 when it does
    /// not match.
    /// </summary>
    private (int End, int Count) MatchCharacter(string text, int position, int index, bool isCaseIgnored, bool isTwice)
    {
        if (position >= text.Length) return (position, 0);
        var expected = value[index];
        switch (text[position])
        {
            case '%' when MatchPercent(text, position, index, isTwice) is (var end, > 0) found:
                return found;
            case '&' when Entity(text, position, index, isTwice) is (var end, > 0) found:
                return found;
            case '\\':
                return MatchBackslash(text, position, index, isCaseIgnored);
            case '+' when expected == ' ':
                return (position + 1, 1);
            default:
                return IsSame(text[position], expected, isCaseIgnored) ? (position + 1, 1) : (position, 0);
        }
    }

    /// <summary>Matches <c>%C3%A9</c>, and <c>%25C3%25A9</c> when the text was encoded twice.</summary>
    private (int End, int Count) MatchPercent(string text, int position, int index, bool isTwice)
    {
        if (Rune.DecodeFromUtf16(value.AsSpan(index), out var rune, out var count) != OperationStatus.Done) return (position, 0);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var expectedByte in bytes[..rune.EncodeToUtf8(bytes)])
        {
            if (position >= text.Length || text[position] != '%') return (position, 0);
            position++;
            while (isTwice && string.CompareOrdinal(text, position, "25", 0, 2) == 0 && IsHex(text, position + 2, 2)) position += 2;
            if (!IsHex(text, position, 2)
                || int.Parse(text.AsSpan(position, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) != expectedByte)
            {
                return (position, 0);
            }

            position += 2;
        }

        return (position, count);
    }

    /// <summary>Matches HTML entities (&amp;amp;, &amp;#39;, &amp;#x27;), and &amp;amp;quot; when the text was encoded twice.</summary>
    private (int End, int Count) Entity(string text, int position, int index, bool isTwice)
    {
        if (Rune.DecodeFromUtf16(value.AsSpan(index), out var rune, out var count) != OperationStatus.Done) return (position, 0);
        var (end, code) = Entity(text, position + 1);
        while (isTwice && code == '&' && Entity(text, end) is (var next, >= 0 and var inner)) (end, code) = (next, inner);
        return code == rune.Value ? (end, count) : (position, 0);
    }

    /// <summary>The character that an entity stands for; -1 when it is not an entity.</summary>
    private static (int End, int Code) Entity(string text, int begin)
    {
        var end = text.IndexOf(';', begin, Math.Min(LongestCharacter, text.Length - begin));
        if (end < 0) return (begin, -1);
        var code = text.AsSpan(begin, end - begin) switch
        {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            ['#', 'x' or 'X', .. var digits]
                when int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) => number,
            ['#', .. var digits] when int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
            _ => -1,
        };
        return (end + 1, code);
    }

    /// <summary>Matches a character after backslashes; a text that was encoded several times has several of them.</summary>
    private (int End, int Count) MatchBackslash(string text, int position, int index, bool isCaseIgnored)
    {
        var afterBackslashes = position;
        while (afterBackslashes < text.Length && text[afterBackslashes] == '\\') afterBackslashes++;
        var expected = value[index];
        if (ReadUnicodeEscape(text, afterBackslashes) is { } code && IsSame(code, expected, isCaseIgnored))
        {
            return (afterBackslashes + 5, 1);
        }

        var ownBackslashes = 0;
        while (index + ownBackslashes < value.Length && value[index + ownBackslashes] == '\\') ownBackslashes++;
        if (ownBackslashes > 0)
        {
            // The last backslash may belong to what comes next.
            var isShared = afterBackslashes - position > ownBackslashes && index + ownBackslashes < value.Length
                && ReadUnicodeEscape(text, afterBackslashes) is { } after && IsSame(after, value[index + ownBackslashes], isCaseIgnored);
            return afterBackslashes - position >= ownBackslashes
                ? (isShared ? afterBackslashes - 1 : afterBackslashes, ownBackslashes)
                : (position, 0);
        }

        if (afterBackslashes == text.Length) return (position, 0);
        var isEscaped = expected switch
        {
            '\n' => text[afterBackslashes] == 'n',
            '\r' => text[afterBackslashes] == 'r',
            '\t' => text[afterBackslashes] == 't',
            _ => !char.IsAsciiLetterOrDigit(expected) && text[afterBackslashes] == expected,
        };
        return isEscaped ? (afterBackslashes + 1, 1) : (position, 0);
    }

    /// <summary>The character of an escape such as <c>u00e9</c> after a backslash; null when there is none.</summary>
    private static char? ReadUnicodeEscape(string text, int position) =>
        position < text.Length && text[position] == 'u' && IsHex(text, position + 1, 4)
            ? (char)int.Parse(text.AsSpan(position + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : null;

    private static bool IsSame(char character, char otherCharacter, bool isCaseIgnored) =>
        character == otherCharacter || (isCaseIgnored && char.ToUpperInvariant(character) == char.ToUpperInvariant(otherCharacter));

    private static bool IsHex(string text, int position, int count)
    {
        if (position + count > text.Length) return false;
        foreach (var character in text.AsSpan(position, count))
        {
            if (!char.IsAsciiHexDigit(character)) return false;
        }

        return true;
    }
}
