using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Intake.Records;

/// <summary>
/// One JSON document on its way: its items go to the sink one by one, their files decoded and in pieces, and the rest is the envelope.
/// Items are the elements of `items`, or the value of `item`; of a line of NDJSON the document itself is the item.
/// </summary>
internal sealed class RecordSession : IDisposable
{
    private const int None = -1;

    private readonly IReadOnlyList<string> fileFields;
    private readonly IRecordSink sink;
    private readonly RecordCount count;
    private readonly IntakeLimits limits;
    private readonly PayloadDecoder decoder;
    private readonly PayloadRelay payload;
    private readonly bool isLine;
    private readonly JsonScanner scanner = new();
    private readonly HashSet<string> seen = [];
    private readonly HashSet<string> seenFiles = [];
    private readonly Queue<byte[]> done = [];
    private EnvelopeBuffer? envelope;
    private EnvelopeBuffer? item;
    private string rootMember = "";
    private string itemMember = "";
    private int textStart;
    private int itemDepth = None;
    private bool isNumber;
    private bool isBegun;
    private bool isFileItem;

    /// <param name="fileFields">Where an item holds files: names of its properties; an empty name for the item itself.</param>
    /// <param name="sink">Takes the items.</param>
    /// <param name="count">Counts the items of the whole body.</param>
    /// <param name="limits">What is too much.</param>
    /// <param name="decoder">Decodes files; the caller owns it.</param>
    /// <param name="isLine">True when the document itself is an item.</param>
    public RecordSession(
        IReadOnlyList<string> fileFields, IRecordSink sink, RecordCount count, IntakeLimits limits, PayloadDecoder decoder, bool isLine)
    {
        (this.fileFields, this.sink, this.count, this.limits, this.decoder, this.isLine) = (fileFields, sink, count, limits, decoder, isLine);
        payload = new PayloadRelay(decoder);
        envelope = new EnvelopeBuffer(limits.MaxEnvelopeBytes);
    }

    /// <summary>True when <see cref="FlushAsync"/> must run before more is fed.</summary>
    public bool NeedsFlush => done.Count > 0 || payload.NeedsFlush;

    private EnvelopeBuffer Current => item ?? envelope ?? throw new UnreachableException("The envelope was handed over.");

    /// <summary>Reads until the input is used up or <see cref="NeedsFlush"/>; returns the bytes read.</summary>
    public int Feed(ReadOnlySpan<byte> input)
    {
        var rest = input;
        while (!NeedsFlush)
        {
            var token = scanner.Read(ref rest, out var piece);
            if (token == JsonToken.None) break;
            if (isNumber && token != JsonToken.NumberPiece) EndNumber();
            if (payload.IsOpen) payload.Take(token, piece);
            else Accept(token, piece);
        }

        return input.Length - rest.Length;
    }

    /// <summary>Gives what is ready to the sink.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        while (done.TryDequeue(out var json)) await EndItemAsync(json, cancellationToken);
        if (payload.MustBegin)
        {
            Begin();
            sink.BeginFile(decoder.Path.Property ?? "", decoder.Prefix);
            payload.Begun();
        }

        if (!decoder.Pending.IsEmpty)
        {
            await sink.WriteFileAsync(decoder.Pending, cancellationToken);
            decoder.Clear();
        }

        if (!payload.MustEnd) return;
        sink.EndFile();
        payload.Ended();
        if (!isFileItem) return;
        isFileItem = false;
        LeaveItem();
        await EndItemAsync(ReadOnlyMemory<byte>.Empty, cancellationToken);
    }

    /// <summary>The document has ended; returns what is left of it.</summary>
    public async ValueTask<RecordEnvelope> CompleteAsync(CancellationToken cancellationToken)
    {
        scanner.Complete();
        if (isNumber) EndNumber();
        await FlushAsync(cancellationToken);
        var memory = Current;
        var document = isLine ? null : JsonDocument.Parse(memory.Memory);
        envelope = null; // the result owns it now
        return new RecordEnvelope(document, memory);
    }

    public void Dispose()
    {
        envelope?.Dispose();
        item?.Dispose();
    }

    private void Accept(JsonToken token, JsonPiece piece)
    {
        switch (token)
        {
            case JsonToken.NameStart:
                Current.BeginElement(scanner.Depth);
                StartText();
                break;
            case JsonToken.NameEnd:
                EndText();
                NoteMember();
                Current.Append(':');
                break;
            case JsonToken.StringStart:
                if (StartFile()) break;
                StartValue(scanner.Depth);
                StartText();
                break;
            case JsonToken.StringEnd:
                EndText();
                EndValue();
                break;
            case JsonToken.NamePiece or JsonToken.StringPiece or JsonToken.NumberPiece:
                Current.Append(piece.Raw);
                break;
            case JsonToken.NumberStart:
                StartValue(scanner.Depth);
                isNumber = scanner.Depth == itemDepth;
                break;
            case JsonToken.Literal:
                if (piece.Raw[0] == 'n' && (IsMember(RecordNames.Items, scanner.Depth) || IsMember(RecordNames.Item, scanner.Depth)))
                {
                    Current.DropMember();
                    break;
                }

                StartValue(scanner.Depth);
                Current.Append(piece.Raw);
                EndValue();
                break;
            case JsonToken.StartObject or JsonToken.StartArray:
                StartContainer(token);
                break;
            default:
                EndContainer(token);
                break;
        }
    }

    private void StartContainer(JsonToken token)
    {
        var depth = scanner.Depth - 1;
        if (token == JsonToken.StartArray && IsMember(RecordNames.Items, depth))
        {
            Current.DropMember();
            return;
        }

        StartValue(depth);
        Current.Opened(scanner.Depth);
        Current.Append(token == JsonToken.StartObject ? '{' : '[');
    }

    private void EndContainer(JsonToken token)
    {
        if (token == JsonToken.EndArray && IsMember(RecordNames.Items, scanner.Depth)) return;
        Current.Append(token == JsonToken.EndObject ? '}' : ']');
        EndValue();
    }

    /// <summary>A value begins that is kept, in the item or in the envelope.</summary>
    private void StartValue(int depth)
    {
        if (itemDepth == None)
        {
            if (IsMember(RecordNames.Items, depth)) throw IntakeException.Unusable(new PayloadPath(0, RecordNames.Items, null), "is not an array", "send items as an array");
            StartItem(depth);
        }

        if (depth == itemDepth) return;
        if (depth == 0 || !scanner.IsObjectAt(depth)) Current.BeginElement(depth);
        Current.KeepElement(depth);
    }

    /// <summary>Begins an item where one stands.</summary>
    private void StartItem(int depth)
    {
        var isMember = IsMember(RecordNames.Item, depth);
        var isElement = !isLine && depth == 2 && rootMember == RecordNames.Items && scanner.IsObjectAt(1) && !scanner.IsObjectAt(2);
        if (!isElement && !isMember && !(isLine && depth == 0)) return;
        if (isMember) Current.DropMember();
        itemDepth = depth;
        isBegun = false;
        seenFiles.Clear();
        item = new EnvelopeBuffer(limits.MaxEnvelopeBytes);
        count.Add(limits);
    }

    /// <summary>A string begins; true when it is a file and goes to the decoder.</summary>
    private bool StartFile()
    {
        var depth = scanner.Depth;
        if (itemDepth == None) StartItem(depth);
        if (itemDepth == None) return false;
        var isItem = depth == itemDepth;
        if (!isItem && !(depth == itemDepth + 1 && scanner.IsObjectAt(depth))) return false;
        var field = isItem ? "" : itemMember;
        if (!fileFields.Contains(field)) return false;
        if (!isItem) Current.DropMember();
        isFileItem = isItem;
        payload.Start(new PayloadPath(0, RecordNames.Items, count.Total - 1) { Property = isItem ? null : field });
        return true;
    }

    /// <summary>A number has no end of its own: the token behind it, which may have closed a container already, shows it.</summary>
    private void EndNumber()
    {
        isNumber = false;
        Finish();
    }

    private void EndValue()
    {
        if (scanner.Depth == itemDepth) Finish();
    }

    private void Finish()
    {
        done.Enqueue(item!.Memory.ToArray());
        LeaveItem();
    }

    private void LeaveItem()
    {
        itemDepth = None;
        item?.Dispose();
        item = null;
    }

    private void Begin()
    {
        if (isBegun) return;
        isBegun = true;
        sink.BeginItem();
    }

    private ValueTask EndItemAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        // What was begun for a file belongs to the item that ends now.
        Begin();
        isBegun = false;
        return sink.EndItemAsync(json, cancellationToken);
    }

    /// <summary>True when the value of this member of the root begins, or has just ended.</summary>
    private bool IsMember(string name, int depth) => !isLine && itemDepth == None && depth == 1 && rootMember == name && scanner.IsObjectAt(1);

    /// <summary>A name of the root or of an item is remembered until its value begins.</summary>
    private void NoteMember()
    {
        // What went to the sink cannot be taken back, so "the last one wins" is not to be had.
        if (itemDepth == None && scanner.Depth == 1)
        {
            rootMember = Name();
            if (RecordNames.All.Contains(rootMember) && !seen.Add(rootMember)) throw IntakeException.Repeated(rootMember, scanner.Where());
        }
        else if (itemDepth != None && scanner.Depth == itemDepth + 1)
        {
            itemMember = Name();
            if (fileFields.Contains(itemMember) && !seenFiles.Add(itemMember)) throw IntakeException.Repeated(itemMember, scanner.Where());
        }
    }

    /// <summary>The name that was just read, without quotes and escapes.</summary>
    private string Name()
    {
        var quoted = Current.From(textStart);
        if (quoted.IndexOf((byte)'\\') < 0) return Encoding.UTF8.GetString(quoted[1..^1]);
        var reader = new Utf8JsonReader(quoted);
        reader.Read();
        return reader.GetString()!;
    }

    private void StartText()
    {
        textStart = Current.Length;
        Current.Append('"');
    }

    private void EndText()
    {
        if (!Utf8.IsValid(Current.From(textStart))) throw scanner.Malformed("the string that ends here is not valid UTF-8");
        Current.Append('"');
    }
}
