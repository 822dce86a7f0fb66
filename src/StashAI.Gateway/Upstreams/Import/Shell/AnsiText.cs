using System.Globalization;
using System.Text;

namespace StashAI.Gateway.Upstreams.Import.Shell;

/// <summary>Decodes the quoted text <c>$'...'</c>.</summary>
internal static class AnsiText
{
    private static readonly UTF8Encoding Strict = new(false, true);

    /// <param name="text">The command.</param>
    /// <param name="at">The position after the opening quote; moves to the one after the closing quote.</param>
    /// <exception cref="ImportException">The quote is not closed, or its bytes are not text.</exception>
    public static string Read(string text, ref int at)
    {
        var read = new StringBuilder();
        var bytes = new List<byte>();
        while (at < text.Length)
        {
            var one = text[at++];
            if (one == '\\' && at < text.Length && Byte(text, ref at) is { } value)
            {
                if (value == 0) throw new ImportException("$'...' contains a NUL, which ends the text in a shell.");
                bytes.Add(value);
                continue;
            }

            Flush(read, bytes);
            if (one == '\'') return read.ToString();
            if (one == '\\' && at < text.Length) read.Append(Escape(text, ref at));
            else read.Append(one);
        }

        throw new ImportException("a quote $' in the curl command is not closed.");
    }

    private static void Flush(StringBuilder read, List<byte> bytes)
    {
        if (bytes.Count == 0) return;
        try
        {
            read.Append(Strict.GetString([.. bytes]));
        }
        catch (DecoderFallbackException)
        {
            throw new ImportException(@"$'...' has bytes (\x or \0) that are not UTF-8 text; put them in a file.");
        }

        bytes.Clear();
    }

    /// <summary><c>\xHH</c> and <c>\NNN</c>.</summary>
    private static byte? Byte(string text, ref int at)
    {
        if (text[at] == 'x' && Digits(text, at + 1, 2, char.IsAsciiHexDigit) is var digits and > 0)
        {
            var value = byte.Parse(text.AsSpan(at + 1, digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            at += 1 + digits;
            return value;
        }

        if (Digits(text, at, 3, one => one is >= '0' and <= '7') is var octal and > 0)
        {
            var value = (byte)Convert.ToInt32(text.Substring(at, octal), 8);
            at += octal;
            return value;
        }

        return null;
    }

    private static string Escape(string text, ref int at)
    {
        var kind = text[at++];
        if (kind is 'u' or 'U')
        {
            var digits = Digits(text, at, kind == 'u' ? 4 : 8, char.IsAsciiHexDigit);
            if (digits == 0) return "\\" + kind;
            var code = int.Parse(text.AsSpan(at, digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            at += digits;
            if (code == 0) throw new ImportException("$'...' contains a NUL, which ends the text in a shell.");
            // Browsers write a character outside the basic plane as two surrogates.
            return code <= 0xFFFF ? ((char)code).ToString() : Rune.IsValid(code)
                ? new Rune(code).ToString()
                : throw new ImportException($"$'...' has \\U{code:X8}, which is not a character.");
        }

        if (kind == 'c' && at < text.Length) return ((char)(text[at++] & 0x1F)).ToString();
        return kind switch
        {
            'a' => "\a",
            'b' => "\b",
            'e' or 'E' => "\e",
            'f' => "\f",
            'n' => "\n",
            'r' => "\r",
            't' => "\t",
            'v' => "\v",
            '\'' or '"' or '\\' or '?' => kind.ToString(),
            _ => "\\" + kind,
        };
    }

    private static int Digits(string text, int at, int most, Func<char, bool> isDigit)
    {
        var count = 0;
        while (count < most && at + count < text.Length && isDigit(text[at + count])) count++;
        return count;
    }
}
