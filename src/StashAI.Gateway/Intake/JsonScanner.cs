using System.Buffers;
using System.Diagnostics;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Intake;

/// <summary>
/// An incremental scanner for an RFC 8259 document. Its input may be split anywhere, and it returns strings in pieces, so that long strings
/// need no memory; <c>Utf8JsonReader</c> needs whole tokens. It is as strict as that reader with default options (depth 64, no comments, no
/// trailing commas), but accepts a byte order mark and refuses unpaired escaped surrogates.
/// </summary>
/// <param name="lineOfBody">The line of the body, of which this document is one; null for a document that is the whole body.</param>
/// <param name="start">Where the document starts in the body.</param>
internal sealed class JsonScanner(long? lineOfBody = null, long start = 0)
{
    internal const int MaxDepth = 64;

    /// <summary>The longest piece in bytes, for the size of consumers' buffers.</summary>
    internal const int MaxPiece = 32 * 1024;

    private static readonly SearchValues<byte> StringStops = SearchValues.Create(
        [(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(b => (byte)b)]);

    private readonly JsonEscape escape = new();
    private readonly JsonNumber number = new();
    private State state = State.ByteOrderMark;
    private bool inName;
    private byte[] literal = [];
    private int matched;
    private ulong objects;
    private long lineStart;
    private long line = 1;

    private enum State : byte
    {
        ByteOrderMark,
        Value,
        ValueOrEndArray,
        NameOrEndObject,
        Name,
        Colon,
        CommaOrEnd,
        End,
        Text,
        Escape,
        Number,
        Literal,
    }

    /// <summary>The number of open containers.</summary>
    public int Depth { get; private set; }

    /// <summary>True when the innermost open container is an object.</summary>
    public bool InObject => IsObjectAt(Depth);

    /// <summary>The number of bytes read.</summary>
    public long Position { get; private set; }

    /// <summary>Reads the next token and moves <paramref name="input"/> past it.</summary>
    /// <exception cref="IntakeException">400: the document is malformed here.</exception>
    public JsonToken Read(ref ReadOnlySpan<byte> input, out JsonPiece piece)
    {
        piece = default;
        while (!input.IsEmpty)
        {
            var token = state switch
            {
                State.Text => ReadText(ref input, out piece),
                State.Escape => ReadEscape(ref input, out piece),
                State.Number => ReadNumber(ref input, out piece),
                State.Literal => ReadLiteral(ref input, out piece),
                State.ByteOrderMark => ReadByteOrderMark(ref input),
                _ => ReadStructure(ref input),
            };
            if (token != JsonToken.None)
            {
                return token;
            }
        }

        return JsonToken.None;
    }

    /// <summary>Ends the input.</summary>
    /// <exception cref="IntakeException">400: the document is not complete.</exception>
    public void Complete()
    {
        if (state == State.Number && Depth == 0 && number.IsComplete)
        {
            state = State.End;
        }

        if (state != State.End)
        {
            throw Position == 0 || (state is State.Value && Depth == 0)
                ? IntakeException.Malformed("the body is empty", Where())
                : IntakeException.Malformed($"the {(lineOfBody is null ? "body" : "line")} ends before the document does", Where());
        }
    }

    /// <summary>True when the open container at this depth (1 for the root) is an object.</summary>
    public bool IsObjectAt(int depth) => depth > 0 && (objects & (1UL << (depth - 1))) != 0;

    /// <summary>The current position in words.</summary>
    public string Where() =>
        $"line {lineOfBody ?? line}, byte {Position - lineStart + 1} of the line, byte {start + Position + 1} of the body";

    /// <summary>An error at the current position.</summary>
    public IntakeException Malformed(string what) => IntakeException.Malformed(what, Where());

    private JsonToken ReadByteOrderMark(ref ReadOnlySpan<byte> input)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        if (input[0] == mark[matched])
        {
            Take(ref input, 1);
            if (++matched < mark.Length)
            {
                return JsonToken.None;
            }
        }
        else if (matched > 0)
        {
            throw Malformed("the byte order mark is not that of UTF-8");
        }

        state = State.Value;
        lineStart = Position;
        return JsonToken.None;
    }

    private JsonToken ReadStructure(ref ReadOnlySpan<byte> input)
    {
        var next = input[0];
        switch (next)
        {
            case (byte)' ' or (byte)'\t' or (byte)'\r':
                Take(ref input, 1);
                return JsonToken.None;
            case (byte)'\n':
                Take(ref input, 1);
                line++;
                lineStart = Position;
                return JsonToken.None;
        }

        switch (state)
        {
            case State.Value or State.ValueOrEndArray:
                return next == ']' && state == State.ValueOrEndArray ? Close(ref input, JsonToken.EndArray) : StartValue(ref input, next);
            case State.Name or State.NameOrEndObject when next == '"':
                Take(ref input, 1);
                (state, inName) = (State.Text, true);
                return JsonToken.NameStart;
            case State.NameOrEndObject when next == '}':
                return Close(ref input, JsonToken.EndObject);
            case State.Colon when next == ':':
                Take(ref input, 1);
                state = State.Value;
                return JsonToken.None;
            case State.CommaOrEnd when next == ',':
                Take(ref input, 1);
                state = InObject ? State.Name : State.Value;
                return JsonToken.None;
            case State.CommaOrEnd when next == (InObject ? '}' : ']'):
                return Close(ref input, InObject ? JsonToken.EndObject : JsonToken.EndArray);
            default:
                throw Malformed($"{Show(next)} is not expected here: {Expected()}");
        }
    }

    private JsonToken StartValue(ref ReadOnlySpan<byte> input, byte next)
    {
        switch (next)
        {
            case (byte)'"':
                Take(ref input, 1);
                (state, inName) = (State.Text, false);
                return JsonToken.StringStart;
            case (byte)'{':
                return Open(ref input, isObject: true);
            case (byte)'[':
                return Open(ref input, isObject: false);
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                state = State.Number;
                number.Start();
                return JsonToken.NumberStart;
            case (byte)'t':
                return StartLiteral(JsonLiterals.True);
            case (byte)'f':
                return StartLiteral(JsonLiterals.False);
            case (byte)'n':
                return StartLiteral(JsonLiterals.Null);
            default:
                throw Malformed($"{Show(next)} is not expected here: {Expected()}");
        }
    }

    private JsonToken StartLiteral(byte[] literal)
    {
        (state, this.literal, matched) = (State.Literal, literal, 0);
        return JsonToken.None;
    }

    private JsonToken ReadLiteral(ref ReadOnlySpan<byte> input, out JsonPiece piece)
    {
        piece = default;
        if (input[0] != literal[matched])
        {
            throw Malformed("a word that is not true, false or null");
        }

        Take(ref input, 1);
        if (++matched < literal.Length)
        {
            return JsonToken.None;
        }

        EndValue();
        piece = new JsonPiece(literal, literal);
        return JsonToken.Literal;
    }

    private JsonToken ReadNumber(ref ReadOnlySpan<byte> input, out JsonPiece piece)
    {
        var length = number.Accept(input[..Math.Min(input.Length, MaxPiece)]);
        if (length > 0)
        {
            var run = Take(ref input, length);
            piece = new JsonPiece(run, run);
            return JsonToken.NumberPiece;
        }

        if (!number.IsComplete)
        {
            throw Malformed($"{Show(input[0])} does not continue a number");
        }

        piece = default;
        EndValue();
        return JsonToken.None;
    }

    private JsonToken ReadText(ref ReadOnlySpan<byte> input, out JsonPiece piece)
    {
        var stop = input[..Math.Min(input.Length, MaxPiece)].IndexOfAny(StringStops);
        if (stop != 0)
        {
            var run = Take(ref input, stop > 0 ? stop : Math.Min(input.Length, MaxPiece));
            piece = new JsonPiece(run, run);
            return inName ? JsonToken.NamePiece : JsonToken.StringPiece;
        }

        piece = default;
        switch (input[0])
        {
            case (byte)'"':
                Take(ref input, 1);
                if (inName)
                {
                    state = State.Colon;
                    return JsonToken.NameEnd;
                }

                EndValue();
                return JsonToken.StringEnd;
            case (byte)'\\':
                state = State.Escape;
                escape.Start();
                return JsonToken.None;
            default:
                throw Malformed($"the control character {Show(input[0])} must be escaped in a string");
        }
    }

    private JsonToken ReadEscape(ref ReadOnlySpan<byte> input, out JsonPiece piece)
    {
        piece = default;
        while (!input.IsEmpty)
        {
            switch (escape.Accept(input[0]))
            {
                case JsonEscape.Outcome.Invalid:
                    throw Malformed(escape.Complaint);
                case JsonEscape.Outcome.Complete:
                    Take(ref input, 1);
                    state = State.Text;
                    piece = new JsonPiece(escape.Raw, escape.Text);
                    return inName ? JsonToken.NamePiece : JsonToken.StringPiece;
                default:
                    Take(ref input, 1);
                    break;
            }
        }

        return JsonToken.None;
    }

    private JsonToken Open(ref ReadOnlySpan<byte> input, bool isObject)
    {
        if (Depth == MaxDepth)
        {
            throw Malformed($"more than {MaxDepth} objects and arrays are nested");
        }

        Take(ref input, 1);
        var bit = 1UL << Depth++;
        objects = isObject ? objects | bit : objects & ~bit;
        state = isObject ? State.NameOrEndObject : State.ValueOrEndArray;
        return isObject ? JsonToken.StartObject : JsonToken.StartArray;
    }

    private JsonToken Close(ref ReadOnlySpan<byte> input, JsonToken token)
    {
        Take(ref input, 1);
        Depth--;
        EndValue();
        return token;
    }

    private void EndValue() => state = Depth == 0 ? State.End : State.CommaOrEnd;

    private ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> input, int count)
    {
        var taken = input[..count];
        input = input[count..];
        Position += count;
        return taken;
    }

    private string Expected() => state switch
    {
        State.Value => "a value must follow",
        State.ValueOrEndArray => "a value or ] must follow",
        State.Name => "a name in double quotes must follow",
        State.NameOrEndObject => "a name in double quotes or } must follow",
        State.Colon => "a colon must follow the name",
        State.CommaOrEnd => InObject ? "a comma or } must follow" : "a comma or ] must follow",
        State.End => "the document has ended",
        _ => throw new UnreachableException(),
    };

    private static string Show(byte value) => value is > 0x20 and < 0x7F ? $"'{(char)value}'" : $"byte 0x{value:X2}";
}
