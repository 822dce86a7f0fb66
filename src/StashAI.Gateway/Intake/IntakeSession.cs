using System.Diagnostics;
using System.Text.Json;
using System.Text.Unicode;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Intake;

/// <summary>One body on its way: follows the shape through the document and parts it into payloads and envelope.</summary>
internal sealed class IntakeSession : IDisposable
{
    private readonly IntakeShape _shape;
    private readonly IIntakeSink _sink;
    private readonly IntakeLimits _limits;
    private readonly JsonScanner _scanner = new();
    private readonly PayloadDecoder _decoder;
    private readonly PayloadRelay _payload;
    private readonly IntakeShapeNode?[] _nodes = new IntakeShapeNode?[JsonScanner.MaxDepth + 1];
    private readonly HashSet<IntakeShapeNode> _seen = [];
    private readonly int[] _counts;
    private EnvelopeBuffer? _envelope;
    private IntakeShapeNode? _next;
    private int _textStart;
    private int _items;

    public IntakeSession(IntakeShape shape, IIntakeSink sink, IntakeLimits limits)
    {
        _shape = shape;
        _sink = sink;
        _limits = limits;
        _decoder = new PayloadDecoder(limits.MaxItemBytes);
        _payload = new PayloadRelay(_decoder);
        _envelope = new EnvelopeBuffer(limits.MaxEnvelopeBytes);
        _counts = new int[shape.Patterns.Count];
        _next = shape.Root;
    }

    /// <summary>True when <see cref="FlushAsync"/> must run before more is fed.</summary>
    public bool NeedsFlush => _payload.NeedsFlush;

    private EnvelopeBuffer Envelope => _envelope ?? throw new UnreachableException("The envelope was handed over.");

    /// <summary>Reads until the input is used up or <see cref="NeedsFlush"/>; returns the bytes read.</summary>
    public int Feed(ReadOnlySpan<byte> input)
    {
        var rest = input;
        while (!NeedsFlush)
        {
            var token = _scanner.Read(ref rest, out var piece);
            if (token == JsonToken.None)
            {
                break;
            }

            if (_payload.IsOpen)
            {
                _payload.Take(token, piece);
            }
            else
            {
                Accept(token, piece);
            }
        }

        return input.Length - rest.Length;
    }

    /// <summary>Gives what is decoded to the sink.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_payload.MustBegin)
        {
            await _sink.BeginPayloadAsync(_decoder.Path, _decoder.Prefix, cancellationToken);
            _payload.Begun();
        }

        if (!_decoder.Pending.IsEmpty)
        {
            await _sink.WritePayloadAsync(_decoder.Pending, cancellationToken);
            _decoder.Clear();
        }

        if (_payload.MustEnd)
        {
            await _sink.EndPayloadAsync(cancellationToken);
            _payload.Ended();
        }
    }

    /// <summary>The body has ended.</summary>
    public IntakeResult Complete(long bodyBytes)
    {
        _scanner.Complete();
        var document = JsonDocument.Parse(Envelope.Memory);
        var result = new IntakeResult(_shape, _counts, Envelope, document, _decoder.Total, bodyBytes);
        _envelope = null; // the result owns it now
        return result;
    }

    public void Dispose()
    {
        _decoder.Dispose();
        _envelope?.Dispose();
    }

    private void Accept(JsonToken token, JsonPiece piece)
    {
        switch (token)
        {
            case JsonToken.NameStart:
                Envelope.BeginElement(_scanner.Depth);
                StartText();
                break;
            case JsonToken.NameEnd:
                EndText();
                _next = _nodes[_scanner.Depth]?.Find(Envelope.From(_textStart));
                RefuseRepeated(_next);
                Envelope.Append(':');
                break;
            case JsonToken.StringStart:
                StartString();
                break;
            case JsonToken.StringEnd:
                EndText();
                break;
            case JsonToken.NamePiece or JsonToken.StringPiece or JsonToken.NumberPiece:
                Envelope.Append(piece.Raw);
                break;
            case JsonToken.NumberStart:
                StartKept(_scanner.Depth, isNull: false);
                break;
            case JsonToken.Literal:
                StartKept(_scanner.Depth, isNull: piece.Raw[0] == 'n');
                Envelope.Append(piece.Raw);
                break;
            case JsonToken.StartObject:
                StartContainer(isObject: true);
                break;
            case JsonToken.StartArray:
                StartContainer(isObject: false);
                break;
            default:
                Envelope.Append(token == JsonToken.EndObject ? '}' : ']');
                break;
        }
    }

    private void StartString()
    {
        if (Items(_scanner.Depth) is { } array)
        {
            StartPayload(array, _counts[array.Pattern]);
        }
        else if (Target(_scanner.Depth) is { IsSingle: true } single)
        {
            Envelope.DropMember();
            StartPayload(single, item: null);
        }
        else
        {
            StartKept(_scanner.Depth, isNull: false);
            StartText();
        }
    }

    private void StartPayload(IntakeShapeNode node, int? item)
    {
        var path = new PayloadPath(node.Pattern, node.Path, item);
        if (++_items > _limits.MaxItems)
        {
            throw IntakeException.TooLarge("the body has too many items", IntakeLimits.MaxItemsSetting, _limits.MaxItems, path);
        }

        _counts[node.Pattern]++;
        _payload.Start(path);
    }

    private void StartContainer(bool isObject)
    {
        var parent = _scanner.Depth - 1;
        var node = Target(parent);
        if (isObject || node is not { IsArray: true })
        {
            StartKept(parent, isNull: false);
            node = isObject ? node : null;
        }
        else
        {
            Envelope.KeepElement(parent);
        }

        _nodes[_scanner.Depth] = node;
        Envelope.Opened(_scanner.Depth);
        Envelope.Append(isObject ? '{' : '[');
    }

    /// <summary>A value begins that goes into the envelope.</summary>
    private void StartKept(int depth, bool isNull)
    {
        if (Items(depth) is { } array)
        {
            var path = new PayloadPath(array.Pattern, array.Path, _counts[array.Pattern]);
            throw IntakeException.Unusable(path, "is not a string", "send every item as a base64 string");
        }

        if (!isNull && Target(depth) is { IsArray: true } node)
        {
            var path = new PayloadPath(node.Pattern, node.Path, Item: null);
            throw IntakeException.Unusable(path, "is not an array", $"send {path} as an array of base64 strings");
        }

        if (!InObject(depth))
        {
            Envelope.BeginElement(depth);
        }

        Envelope.KeepElement(depth);
    }

    /// <summary>The array of payloads whose element begins now, or null.</summary>
    private IntakeShapeNode? Items(int depth) => _nodes[depth] is { IsArray: true } node ? node : null;

    /// <summary>The place of the shape whose value begins now as a member (or as the root).</summary>
    private IntakeShapeNode? Target(int depth) => depth == 0 || InObject(depth) ? _next : null;

    private bool InObject(int depth) => _scanner.IsObjectAt(depth);

    private void RefuseRepeated(IntakeShapeNode? node)
    {
        // A payload cannot be taken back from the sink, so "the last one wins" is not to be had.
        if (node is not null && !_seen.Add(node))
        {
            throw IntakeException.Repeated(node.Path, _scanner.Where());
        }
    }

    private void StartText()
    {
        _textStart = Envelope.Length;
        Envelope.Append('"');
    }

    private void EndText()
    {
        if (!Utf8.IsValid(Envelope.From(_textStart)))
        {
            throw _scanner.Malformed("the string that ends here is not valid UTF-8");
        }

        Envelope.Append('"');
    }
}
