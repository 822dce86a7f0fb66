using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace StashAI.Hosting.Bodies;

/// <summary>
/// The one rule for base64 that clients send: ASCII whitespace is ignored anywhere, one <c>data:...;base64,</c> prefix may stand first in
/// any case, the digits are those of either alphabet of RFC 4648 (<c>+ /</c> or <c>- _</c>), padding may be missing but must fit when it is
/// there, and spare bits of the last digit are ignored. All else is refused. Text comes in pieces, cut anywhere.
/// </summary>
public sealed class Base64Reader
{
    /// <summary>The longest data URL prefix, in characters.</summary>
    public const int MaxPrefix = 256;

    /// <summary>How to fix what was refused.</summary>
    public const string Advice = "send base64 (RFC 4648), with or without a data URL prefix that ends in ;base64, before it";

    private static readonly SearchValues<byte> Standard =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8);

    private static readonly SearchValues<byte> Either =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"u8);

    private readonly byte[] quad = new byte[4];
    private readonly byte[] head = new byte[MaxPrefix];
    private readonly byte[] translated = new byte[1024];
    private Part part;
    private int quadLength;
    private int headLength;
    private int padding;
    private long characters;

    private enum Part : byte
    {
        /// <summary>The first characters decide between a data URL and plain base64.</summary>
        Head,
        Prefix,
        Digits,
    }

    private static ReadOnlySpan<byte> Digits => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8;

    /// <summary>The data URL prefix up to its comma, with its scheme, type and <c>;base64,</c> in lower case; null for none.</summary>
    public string? Prefix { get; private set; }

    /// <summary>What is wrong with the text, as the end of a sentence that begins with its name; null while nothing is.</summary>
    public string? Error { get; private set; }

    /// <summary>The most bytes that a piece of this many characters can give, with what is left of the piece before.</summary>
    public static int MaxBytes(int characters) => ((characters + 3) / 4 * 3) + 3;

    /// <summary>Reads a whole text.</summary>
    /// <param name="text">The text, in UTF-8.</param>
    /// <param name="bytes">The decoded bytes.</param>
    /// <param name="error">What is wrong, see <see cref="Error"/>.</param>
    /// <returns>False when the text is refused.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, out ReadOnlyMemory<byte> bytes, out string? error)
    {
        var reader = new Base64Reader();
        // Of a plain text the length is known before, so that a large photo takes its own size and no more.
        var isPlain = Base64.IsValid(text, out var length);
        var buffer = GC.AllocateUninitializedArray<byte>(isPlain ? length + 3 : MaxBytes(text.Length));
        bytes = default;
        error = null;
        var written = 0;
        if (!reader.TryAppend(text, buffer, out var first) || !reader.TryComplete(buffer.AsSpan(first), out written)) error = reader.Error;
        else bytes = buffer.AsMemory(0, first + written);
        return error is null;
    }

    /// <summary>Begins the next text.</summary>
    public void Start()
    {
        (part, Prefix, Error) = (Part.Head, null, null);
        (quadLength, headLength, padding, characters) = (0, 0, 0, 0);
    }

    /// <summary>Takes the next piece of the text.</summary>
    /// <param name="text">The piece.</param>
    /// <param name="destination">Has room for <see cref="MaxBytes"/> of the piece, or for what the whole text gives.</param>
    /// <param name="written">How many bytes it gave.</param>
    /// <returns>False when the text is refused; see <see cref="Error"/>.</returns>
    public bool TryAppend(ReadOnlySpan<byte> text, Span<byte> destination, out int written)
    {
        written = 0;
        while (part != Part.Digits && !text.IsEmpty)
        {
            if (!AcceptHead(text[0], destination, ref written)) return false;
            text = text[1..];
        }

        return Decode(text, destination, ref written);
    }

    /// <summary>The text is complete.</summary>
    /// <param name="destination">Has room for three bytes, or for what the whole text gives.</param>
    /// <param name="written">How many bytes the end gave.</param>
    /// <returns>False when the text is refused; see <see cref="Error"/>.</returns>
    public bool TryComplete(Span<byte> destination, out int written)
    {
        written = 0;
        if (part == Part.Prefix) return Refuse("is a data URL without a comma");
        if (part == Part.Head && !EndHead(destination, ref written)) return false;
        if (quadLength == 1 || (padding > 0 && padding + quadLength != 4))
        {
            return Refuse("is base64 that ends in the middle of a group of four characters");
        }

        if (quadLength == 0) return true;
        ClearSpareBits();
        quad.AsSpan(quadLength).Fill((byte)'=');
        Add(quad, destination, isFinal: true, ref written);
        return true;
    }

    private bool AcceptHead(byte value, Span<byte> destination, ref int written)
    {
        if (IsWhitespace(value))
        {
            characters++;
            return true;
        }

        if (headLength == MaxPrefix || (part == Part.Prefix && value is <= 0x20 or >= 0x7F))
            return Refuse($"is a data URL whose part before the comma is longer than {MaxPrefix} characters or not plain ASCII");
        head[headLength++] = value;
        if (part == Part.Prefix) return value != ',' || EndPrefix();
        var scheme = "data:"u8;
        if (!Ascii.EqualsIgnoreCase(head.AsSpan(0, headLength), scheme[..headLength])) return EndHead(destination, ref written);
        if (headLength == scheme.Length) part = Part.Prefix;
        return true;
    }

    private bool EndPrefix()
    {
        var given = Encoding.ASCII.GetString(head.AsSpan(0, headLength));
        const string end = ";base64,";
        if (!given.EndsWith(end, StringComparison.OrdinalIgnoreCase)) return Refuse("is a data URL that is not base64");
        // Services that compare the scheme and the type by their letters are many, and those that send capitals few.
        var type = given.IndexOf(';', StringComparison.Ordinal);
        Prefix = string.Concat(given[..type].ToLowerInvariant(), given.AsSpan(type, given.Length - end.Length - type), end);
        characters += headLength;
        part = Part.Digits;
        return true;
    }

    private bool EndHead(Span<byte> destination, ref int written)
    {
        part = Part.Digits;
        return Decode(head.AsSpan(0, headLength), destination, ref written);
    }

    private bool Decode(ReadOnlySpan<byte> text, Span<byte> destination, ref int written)
    {
        while (!text.IsEmpty)
        {
            var run = Run(text, Standard);
            if (run > 0)
            {
                if (!DecodeRun(text[..run], destination, ref written)) return false;
            }
            else if (text[0] is (byte)'-' or (byte)'_')
            {
                run = Math.Min(Run(text, Either), translated.Length);
                var standard = translated.AsSpan(0, run);
                text[..run].Replace(standard, (byte)'-', (byte)'+');
                standard.Replace((byte)'_', (byte)'/');
                if (!DecodeRun(standard, destination, ref written)) return false;
            }
            else
            {
                run = 1;
                if (text[0] == '=' && padding < 2) padding++;
                else if (!IsWhitespace(text[0])) return RefuseCharacter(text[0]);
            }

            characters += run;
            text = text[run..];
        }

        return true;
    }

    private bool DecodeRun(ReadOnlySpan<byte> run, Span<byte> destination, ref int written)
    {
        if (padding > 0) return Refuse("has base64 text behind its padding");
        if (quadLength > 0)
        {
            var missing = Math.Min(4 - quadLength, run.Length);
            run[..missing].CopyTo(quad.AsSpan(quadLength));
            quadLength += missing;
            run = run[missing..];
            if (quadLength < 4) return true;
            Add(quad, destination, isFinal: false, ref written);
            quadLength = 0;
        }

        var whole = run.Length & ~3;
        Add(run[..whole], destination, isFinal: false, ref written);
        quadLength = run.Length - whole;
        run[whole..].CopyTo(quad);
        return true;
    }

    /// <summary>
    /// The last character may hold bits that belong to no byte. Careless encoders leave some there; the decoder wants none.
    /// </summary>
    private void ClearSpareBits()
    {
        ref var last = ref quad[quadLength - 1];
        var value = Digits.IndexOf(last);
        last = Digits[quadLength == 2 ? value & ~0xF : value & ~0x3];
    }

    private static void Add(ReadOnlySpan<byte> groups, Span<byte> destination, bool isFinal, ref int written)
    {
        var status = Base64.DecodeFromUtf8(groups, destination[written..], out _, out var added, isFinal);
        if (status != OperationStatus.Done) throw new UnreachableException($"Checked base64 did not decode: {status}.");
        written += added;
    }

    private bool RefuseCharacter(byte value)
    {
        var position = (characters + 1).ToString(CultureInfo.InvariantCulture);
        return Refuse(value is > 0x20 and < 0x7F
            ? $"is not base64 ('{(char)value}' at character {position})"
            : $"is not base64 (byte 0x{value:X2} at character {position})");
    }

    private bool Refuse(string error)
    {
        Error = error;
        return false;
    }

    private static int Run(ReadOnlySpan<byte> text, SearchValues<byte> digits) =>
        text.IndexOfAnyExcept(digits) is var end and >= 0 ? end : text.Length;

    private static bool IsWhitespace(byte value) => value is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'\f';
}
