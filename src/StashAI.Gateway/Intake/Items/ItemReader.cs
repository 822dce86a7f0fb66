using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Intake.Items;

/// <summary>
/// Reads one JSON document: items go to the sink one by one, with files decoded and in pieces, and the rest is the envelope.
/// </summary>
internal sealed class ItemReader : IDisposable
{
    private const int None = -1;

    private readonly BodyShape shape;
    private readonly IItemSink sink;
    private readonly ItemCount count;
    private readonly IntakeLimits limits;
    private readonly PayloadDecoder decoder;
    private readonly PayloadRelay payload;
    private readonly JsonScanner scanner;
    private readonly FilePlace?[] places = new FilePlace?[JsonScanner.MaxDepth + 1];
    private readonly HashSet<string> seen = [];
    private readonly HashSet<FilePlace> seenFiles = [];
    private readonly Queue<(PayloadPath Path, EnvelopeBuffer Json)> done = [];
    private EnvelopeBuffer? envelope;
    private EnvelopeBuffer? item;
    private FilePlace? next;
    private PayloadPath path;
    private string rootMember = "";
    private string rootFile = "";
    private string? list;
    private int textStart;
    private int itemDepth = None;
    private int listed;
    private bool isNumber;
    private bool isBegun;
    private bool isFileItem;
    private bool isRootItem;

    /// <param name="shape">Where the items and their files are.</param>
    /// <param name="sink">Receives the items.</param>
    /// <param name="count">Counts the items of the whole body.</param>
    /// <param name="limits">The limits of the body.</param>
    /// <param name="decoder">Decodes files; the caller owns it.</param>
    /// <param name="position">Reads the document; another scanner than the usual one says where in the body it starts.</param>
    public ItemReader(
        BodyShape shape, IItemSink sink, ItemCount count, IntakeLimits limits, PayloadDecoder decoder, JsonScanner? position = null)
    {
        scanner = position ?? new JsonScanner();
        (this.shape, this.sink, this.count, this.limits, this.decoder) = (shape, sink, count, limits, decoder);
        payload = new PayloadRelay(decoder);
        envelope = new EnvelopeBuffer(limits.MaxEnvelopeBytes);
    }

    /// <summary>The bytes of the item that is being read, without its files; 0 between items.</summary>
    public int ItemBytes => item?.Length ?? 0;

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

    /// <summary>Passes complete parts to the sink.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        while (done.TryDequeue(out var ended))
        {
            using (ended.Json) await EndItemAsync(ended.Path, ended.Json.Memory, cancellationToken);
        }

        if (payload.MustBegin)
        {
            Begin(path);
            sink.BeginFile(isRootItem ? rootFile : decoder.Path.Property ?? "", decoder.Prefix);
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
        await EndItemAsync(path, ReadOnlyMemory<byte>.Empty, cancellationToken);
    }

    /// <summary>Ends the document; returns the envelope.</summary>
    public async ValueTask<BodyEnvelope> CompleteAsync(CancellationToken cancellationToken)
    {
        scanner.Complete();
        if (isNumber) EndNumber();
        await FlushAsync(cancellationToken);
        var memory = Current;
        // A body that is an item or a file has no envelope.
        var document = memory.Length == 0 || shape.IsItem ? null : RepeatedName.Refuse(memory.Memory);
        envelope = null; // the result owns it now
        return new BodyEnvelope(document, memory, isRootItem);
    }

    public void Dispose()
    {
        envelope?.Dispose();
        item?.Dispose();
        while (done.TryDequeue(out var ended)) ended.Json.Dispose();
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
                if (piece.Raw[0] == 'n' && IsMember(scanner.Depth) && (IsList(rootMember) || IsSingle(rootMember)))
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
        if (token == JsonToken.StartArray && IsMember(depth) && (IsList(rootMember) || shape.IsAnyList))
        {
            StartList();
            return;
        }

        StartValue(depth);
        places[scanner.Depth] = token == JsonToken.StartObject ? Target(depth) : null;
        Current.Opened(scanner.Depth);
        Current.Append(token == JsonToken.StartObject ? '{' : '[');
    }

    private void StartList()
    {
        if (shape.IsAnyList && list is not null)
        {
            throw IntakeException.Unusable(
                new PayloadPath(rootMember, null), $"is a second list besides {list}", "send one list, with an item for each task");
        }

        list = rootMember;
        listed = 0;
        Current.DropMember();
    }

    private void EndContainer(JsonToken token)
    {
        if (token == JsonToken.EndArray && IsMember(scanner.Depth) && list == rootMember) return;
        Current.Append(token == JsonToken.EndObject ? '}' : ']');
        EndValue();
    }

    /// <summary>Begins a value that is kept in the item or in the envelope.</summary>
    private void StartValue(int depth)
    {
        if (itemDepth == None)
        {
            if (IsMember(depth) && IsList(rootMember))
                throw IntakeException.Unusable(new PayloadPath(rootMember, null), "is not an array", $"send {rootMember} as an array");
            StartItem(depth);
        }

        if (depth == itemDepth) return;
        if (depth == 0 || !scanner.IsObjectAt(depth)) Current.BeginElement(depth);
        Current.KeepElement(depth);
    }

    /// <summary>Begins an item at a place for items.</summary>
    private void StartItem(int depth)
    {
        var isSingle = IsMember(depth) && IsSingle(rootMember);
        var isElement = depth == 2 && list is not null && rootMember == list && scanner.IsObjectAt(1) && !scanner.IsObjectAt(2);
        if (!isElement && !isSingle && !(shape.IsItem && depth == 0)) return;
        if (isRootItem) throw BesideItem(rootMember);
        if (isSingle) Current.DropMember();
        path = isElement
            ? new PayloadPath(rootMember, listed++)
            : isSingle ? new PayloadPath(rootMember, null) : new PayloadPath(BodyShape.Items, count.Total);
        itemDepth = depth;
        isBegun = false;
        seenFiles.Clear();
        item = new EnvelopeBuffer(limits.MaxEnvelopeBytes);
        count.Add(limits, path);
    }

    /// <summary>Begins a string; true when it is a file, which goes to the decoder.</summary>
    private bool StartFile()
    {
        var depth = scanner.Depth;
        if (itemDepth == None) StartItem(depth);
        if (Target(depth) is not { IsFile: true } place) return false;
        if (itemDepth == None) StartRootItem(place);
        isFileItem = depth == itemDepth;
        if (!isFileItem && depth > 0) Current.DropMember();
        rootFile = place.Path;
        payload.Start(isRootItem
            ? new PayloadPath(place.Path.Length == 0 ? "body" : place.Path, null)
            : path with { Property = isFileItem ? null : place.Path });
        return true;
    }

    /// <summary>Begins the body itself as an item, because it has a file.</summary>
    private void StartRootItem(FilePlace place)
    {
        if (isRootItem) return;
        if (count.Total > 0) throw BesideItem(place.Path);
        isRootItem = true;
        path = new PayloadPath("", null);
        count.Add(limits, path);
    }

    private static IntakeException BesideItem(string name) =>
        IntakeException.Unusable(new PayloadPath(name, null), "stands beside another item", "send the item itself as the body, or items");

    /// <summary>The place of the file whose value begins.</summary>
    private FilePlace? Target(int depth)
    {
        if (depth == itemDepth) return shape.FileTree;
        if (depth == 0) return shape.RootTree;
        return scanner.IsObjectAt(depth) ? next : null;
    }

    /// <summary>Ends a number, which is only known from the next token; that may already have closed a container.</summary>
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
        // The token that ends a number may begin the next item, so the path is stored with the item.
        done.Enqueue((path, item!));
        item = null;
        LeaveItem();
    }

    private void LeaveItem()
    {
        itemDepth = None;
        item?.Dispose();
        item = null;
    }

    private void Begin(PayloadPath at)
    {
        if (isBegun) return;
        isBegun = true;
        sink.BeginItem(at);
    }

    private ValueTask EndItemAsync(PayloadPath at, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        // The item may have begun with its file.
        Begin(at);
        isBegun = false;
        return sink.EndItemAsync(json, cancellationToken);
    }

    /// <summary>True when the value of a root member begins or has just ended.</summary>
    private bool IsMember(int depth) => !shape.IsItem && itemDepth == None && depth == 1 && scanner.IsObjectAt(1);

    private bool IsList(string name) => shape.Lists.Contains(name);

    private bool IsSingle(string name) => shape.Singles.Contains(name);

    /// <summary>Remembers a name until its value begins, and the place that it leads to.</summary>
    private void NoteMember()
    {
        next = places[scanner.Depth]?.Find(Current.From(textStart));
        // Items that went to the sink cannot be taken back, so "the last one wins" is not possible.
        if (next is not null && !seenFiles.Add(next)) throw IntakeException.Repeated(next.Path, scanner.Where());
        if (itemDepth != None || scanner.Depth != 1 || shape.IsItem) return;
        rootMember = Name();
        if ((IsList(rootMember) || IsSingle(rootMember)) && !seen.Add(rootMember))
        {
            throw IntakeException.Repeated(rootMember, scanner.Where());
        }
    }

    /// <summary>The last name, without quotes and escapes.</summary>
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
