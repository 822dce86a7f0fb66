using System.Buffers;
using System.Globalization;
using System.Text;

namespace StashAI.Hosting.Terminal;

/// <summary>
/// Makes untrusted text safe for terminals and logs. Characters that move the cursor, change colors, set the window's title, change the
/// reading direction or start a line are written as escapes such as <c>\u001b</c>, so that the text can neither fake nor hide lines.
/// </summary>
public static class EscapedText
{
    private static readonly SearchValues<char> UnsafeInLines = SearchValues.Create(
        [.. Enumerable.Range(0, 0x10000).Select(code => (char)code)
            .Where(character => character is not ('\t' or '\n') && IsUnsafe(character))]);

    private static readonly SearchValues<char> UnsafeInLine = SearchValues.Create(
        [.. Enumerable.Range(0, 0x10000).Select(code => (char)code).Where(IsUnsafe)]);

    /// <summary>The text in one line: line breaks and tabs are escaped too.</summary>
    public static string Line(string text) => Escape(text, UnsafeInLine);

    /// <summary>The text with its line breaks and tabs kept.</summary>
    public static string Lines(string text) => Escape(text, UnsafeInLines);

    /// <summary>Writes the text with its line breaks and tabs kept.</summary>
    internal static void WriteLines(TextWriter writer, ReadOnlySpan<char> text)
    {
        while (text.IndexOfAny(UnsafeInLines) is >= 0 and var at)
        {
            writer.Write(text[..at]);
            writer.Write(EscapeCharacter(text[at]));
            text = text[(at + 1)..];
        }

        writer.Write(text);
    }

    private static string Escape(string text, SearchValues<char> unsafeCharacters)
    {
        var rest = text.AsSpan();
        if (rest.IndexOfAny(unsafeCharacters) < 0) return text;
        var shown = new StringBuilder(text.Length + 16);
        while (rest.IndexOfAny(unsafeCharacters) is >= 0 and var at)
        {
            shown.Append(rest[..at]).Append(EscapeCharacter(rest[at]));
            rest = rest[(at + 1)..];
        }

        return shown.Append(rest).ToString();
    }

    private static string EscapeCharacter(char character) => character switch
    {
        '\n' => @"\n",
        '\r' => @"\r",
        '\t' => @"\t",
        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
    };

    /// <summary>C0, DEL and C1 controls, line separators, and characters that change the reading direction.</summary>
    private static bool IsUnsafe(char character) => char.IsControl(character) || character is
        '\u2028' or '\u2029' or '\u200e' or '\u200f' or '\u061c' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069')
            or (>= '\u206a' and <= '\u206f')
            or '\ufeff' or (>= '\ufff9' and <= '\ufffb');
}
