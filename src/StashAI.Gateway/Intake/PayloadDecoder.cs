using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Intake;

/// <summary>
/// Decodes the text of one payload after the other: an optional <c>data:...;base64,</c> prefix, then base64 in the standard alphabet with
/// optional padding and whitespace. Decoded bytes gather in one pooled buffer that the caller empties.
/// </summary>
internal sealed class PayloadDecoder(long maxItemBytes) : IDisposable
{
    /// <summary>Room for one more append; below it the caller must empty the buffer.</summary>
    private const int Reserve = JsonScanner.MaxPiece;
    private const int Capacity = 4 * Reserve;
    private const int MaxPrefix = 256;
    private const string WayOut = "send standard base64 (RFC 4648, A-Z a-z 0-9 + /), or a data URL that ends in ;base64, before it";

    private static ReadOnlySpan<byte> Digits => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8;

    private static readonly SearchValues<byte> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8);

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(Capacity);
    private readonly byte[] _quad = new byte[4];
    private readonly byte[] _head = new byte[MaxPrefix];
    private PayloadPath _path;
    private Part _part;
    private int _quadLength;
    private int _headLength;
    private int _length;
    private int _padding;
    private long _characters;
    private long _decoded;

    private enum Part : byte
    {
        /// <summary>The first characters decide between a data URL and plain base64.</summary>
        Head,
        Prefix,
        Base64,
    }

    /// <summary>The data URL prefix of this payload, up to its comma.</summary>
    public string? Prefix { get; private set; }

    /// <summary>Decoded bytes not yet taken.</summary>
    public ReadOnlyMemory<byte> Pending => _buffer.AsMemory(0, _length);

    public bool IsFull => _length > Capacity - Reserve;

    /// <summary>Bytes decoded of all payloads.</summary>
    public long Total { get; private set; }

    public PayloadPath Path => _path;

    public void Start(PayloadPath path)
    {
        Debug.Assert(_length == 0, "the caller empties the buffer between payloads");
        _path = path;
        _part = Part.Head;
        Prefix = null;
        (_quadLength, _headLength, _padding, _characters, _decoded) = (0, 0, 0, 0, 0);
    }

    /// <summary>Takes the next characters, at most <see cref="JsonScanner.MaxPiece"/> of them.</summary>
    public void Append(ReadOnlySpan<byte> text)
    {
        while (_part != Part.Base64 && !text.IsEmpty)
        {
            AcceptHead(text[0]);
            text = text[1..];
        }

        Decode(text);
    }

    /// <summary>The text is complete.</summary>
    public void Complete()
    {
        if (_part == Part.Prefix)
        {
            throw Unusable("is a data URL without a comma");
        }

        if (_part == Part.Head)
        {
            EndHead();
        }

        if (_quadLength == 1 || (_padding > 0 && _padding + _quadLength != 4))
        {
            throw Unusable("is base64 that ends in the middle of a group of four characters");
        }

        if (_quadLength > 0)
        {
            ClearSpareBits();
            _quad.AsSpan(_quadLength).Fill((byte)'=');
            Add(_quad, isFinal: true);
        }

        if (_decoded == 0)
        {
            throw IntakeException.Unusable(_path, "is empty", "send the bytes of one item as base64, or leave the item out");
        }
    }

    /// <summary>What was pending has been taken.</summary>
    public void Clear() => _length = 0;

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private void AcceptHead(byte value)
    {
        if (_headLength == 0 && IsWhitespace(value))
        {
            _characters++;
            return;
        }

        _head[_headLength++] = value;
        if (_part == Part.Head)
        {
            var scheme = "data:"u8;
            if (!Ascii.EqualsIgnoreCase(_head.AsSpan(0, _headLength), scheme[.._headLength]))
            {
                EndHead();
            }
            else if (_headLength == scheme.Length)
            {
                _part = Part.Prefix;
            }
        }
        else if (value == ',')
        {
            EndPrefix();
        }
        else if (value is <= 0x20 or >= 0x7F || _headLength == MaxPrefix)
        {
            throw Unusable($"is a data URL whose part before the comma is longer than {MaxPrefix} characters or not plain ASCII");
        }
    }

    private void EndPrefix()
    {
        Prefix = Encoding.ASCII.GetString(_head.AsSpan(0, _headLength));
        if (!Prefix.EndsWith(";base64,", StringComparison.OrdinalIgnoreCase))
        {
            throw Unusable("is a data URL that is not base64");
        }

        _characters += _headLength;
        _part = Part.Base64;
    }

    private void EndHead()
    {
        _part = Part.Base64;
        Decode(_head.AsSpan(0, _headLength));
    }

    private void Decode(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            var run = text.IndexOfAnyExcept(Alphabet);
            run = run < 0 ? text.Length : run;
            if (run > 0)
            {
                DecodeRun(text[..run]);
                _characters += run;
                text = text[run..];
                continue;
            }

            if (text[0] == '=' && _padding < 2)
            {
                _padding++;
            }
            else if (!IsWhitespace(text[0]))
            {
                throw NotBase64(text[0]);
            }

            _characters++;
            text = text[1..];
        }
    }

    private void DecodeRun(ReadOnlySpan<byte> run)
    {
        if (_padding > 0)
        {
            throw Unusable("has base64 text behind its padding");
        }

        if (_quadLength > 0)
        {
            var missing = Math.Min(4 - _quadLength, run.Length);
            run[..missing].CopyTo(_quad.AsSpan(_quadLength));
            _quadLength += missing;
            run = run[missing..];
            if (_quadLength < 4)
            {
                return;
            }

            Add(_quad, isFinal: false);
            _quadLength = 0;
        }

        var whole = run.Length & ~3;
        Add(run[..whole], isFinal: false);
        _quadLength = run.Length - whole;
        run[whole..].CopyTo(_quad);
    }

    /// <summary>The last character may hold bits that belong to no byte. Careless encoders leave some there; the decoder wants none.</summary>
    private void ClearSpareBits()
    {
        ref var last = ref _quad[_quadLength - 1];
        var value = Digits.IndexOf(last);
        last = Digits[_quadLength == 2 ? value & ~0xF : value & ~0x3];
    }

    private void Add(ReadOnlySpan<byte> groups, bool isFinal)
    {
        var status = Base64.DecodeFromUtf8(groups, _buffer.AsSpan(_length), out _, out var written, isFinal);
        if (status != OperationStatus.Done)
        {
            throw new UnreachableException($"Checked base64 did not decode: {status}.");
        }

        _length += written;
        _decoded += written;
        Total += written;
        if (_decoded > maxItemBytes)
        {
            throw IntakeException.TooLarge($"{_path} has too many bytes", IntakeLimits.MaxItemBytesSetting, maxItemBytes, _path);
        }
    }

    private IntakeException NotBase64(byte value)
    {
        var position = (_characters + 1).ToString(CultureInfo.InvariantCulture);
        return value switch
        {
            (byte)'-' or (byte)'_' => Unusable($"is in the URL-safe base64 alphabet ('{(char)value}' at character {position})"),
            > 0x20 and < 0x7F => Unusable($"is not base64 ('{(char)value}' at character {position})"),
            _ => Unusable($"is not base64 (byte 0x{value:X2} at character {position})"),
        };
    }

    private IntakeException Unusable(string reason) => IntakeException.Unusable(_path, reason, WayOut);

    private static bool IsWhitespace(byte value) => value is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';
}
