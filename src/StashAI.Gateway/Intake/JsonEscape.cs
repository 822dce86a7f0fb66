using System.Text;

namespace StashAI.Gateway.Intake;

/// <summary>One escape of a JSON string, fed byte by byte: <c>\n</c>, <c>\/</c>, <c>\u002B</c>, or a surrogate pair of two.</summary>
internal sealed class JsonEscape
{
    private readonly byte[] raw = new byte[12];
    private readonly byte[] text = new byte[4];
    private int rawLength;
    private int textLength;
    private int unit;
    private int high;

    internal enum Outcome : byte
    {
        More,
        Complete,
        Invalid,
    }

    /// <summary>The escape as it was written.</summary>
    public ReadOnlySpan<byte> Raw => raw.AsSpan(0, rawLength);

    /// <summary>What it stands for, as UTF-8.</summary>
    public ReadOnlySpan<byte> Text => text.AsSpan(0, textLength);

    /// <summary>The reason for <see cref="Outcome.Invalid"/>.</summary>
    public string Complaint { get; private set; } = "";

    public void Start()
    {
        rawLength = 0;
        textLength = 0;
        unit = 0;
        high = 0;
    }

    public Outcome Accept(byte value)
    {
        var at = rawLength;
        raw[rawLength++] = value;
        switch (at)
        {
            case 0:
                return Outcome.More; // the backslash that led here
            case 1 when value == 'u':
                return Outcome.More;
            case 1:
                return Simple(value);
            case 6 when value == '\\':
            case 7 when value == 'u':
                return Outcome.More;
            case 6 or 7:
                return Refuse("a high surrogate must be followed by an escaped low surrogate");
            default:
                return HexDigit(value, last: at is 5 or 11);
        }
    }

    private Outcome Simple(byte value)
    {
        var meaning = value switch
        {
            (byte)'"' or (byte)'\\' or (byte)'/' => value,
            (byte)'b' => (byte)'\b',
            (byte)'f' => (byte)'\f',
            (byte)'n' => (byte)'\n',
            (byte)'r' => (byte)'\r',
            (byte)'t' => (byte)'\t',
            _ => (byte)0,
        };
        if (meaning == 0)
        {
            return Refuse("an escape that JSON does not know");
        }

        text[0] = meaning;
        textLength = 1;
        return Outcome.Complete;
    }

    private Outcome HexDigit(byte value, bool last)
    {
        var digit = value switch
        {
            >= (byte)'0' and <= (byte)'9' => value - '0',
            >= (byte)'a' and <= (byte)'f' => value - 'a' + 10,
            >= (byte)'A' and <= (byte)'F' => value - 'A' + 10,
            _ => -1,
        };
        if (digit < 0)
        {
            return Refuse("\\u must be followed by four hexadecimal digits");
        }

        unit = (unit << 4) | digit;
        return last ? CodeUnit() : Outcome.More;
    }

    private Outcome CodeUnit()
    {
        var unit = (char)this.unit;
        this.unit = 0;
        if (high != 0)
        {
            return char.IsLowSurrogate(unit)
                ? Finish(new Rune((char)high, unit))
                : Refuse("a high surrogate must be followed by an escaped low surrogate");
        }

        if (char.IsHighSurrogate(unit))
        {
            high = unit;
            return Outcome.More;
        }

        return char.IsLowSurrogate(unit) ? Refuse("a low surrogate without a high surrogate before it") : Finish(new Rune(unit));
    }

    private Outcome Finish(Rune rune)
    {
        textLength = rune.EncodeToUtf8(text);
        return Outcome.Complete;
    }

    private Outcome Refuse(string complaint)
    {
        Complaint = complaint;
        return Outcome.Invalid;
    }
}
