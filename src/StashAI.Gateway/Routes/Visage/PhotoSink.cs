using System.Buffers;
using System.Text.Json;
using StashAI.Adapters.Visage;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Routes.Declared;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Routes.Visage;

/// <summary>
/// Receives the photos of a request in all the forms that clients know, and passes them on in the one of <see cref="PhotoItems.Item"/>.
/// </summary>
internal sealed class PhotoSink(DeclaredItemSink items) : IItemSink
{
    /// <summary>The members of an item that say where its photo is, if the item itself says so.</summary>
    private static readonly string[] References = ["url", "path", "folder", "recursive", "types"];

    private static readonly string[] Known =
    [
        "image", "image_data", "image_base64", ItemNames.IdField, "id", ItemNames.NameField, PhotoItems.Threshold, PhotoItems.MaxFaces,
        "metadata", "image_metadata", .. References,
    ];

    private PayloadPath path;
    private string? photo;
    private string? list;

    /// <summary>Where a photo may be in a body, or in an item that is not a photo itself.</summary>
    public static IReadOnlyList<string> Places { get; } = ["image", "image_data", "image_data.image_base64", "image_base64"];

    /// <summary>The items that were received.</summary>
    public DeclaredItemSink Items => items;

    public void BeginItem(PayloadPath path)
    {
        this.path = path;
        photo = null;
        list ??= path.Name;
        if (list != path.Name) throw Refuse($"stands besides {list}", $"send one list of photos, in {list}");
        items.BeginItem(path);
    }

    public void NameItem(ItemName name) => items.NameItem(name);

    public void BeginFile(string field, string? dataUrlPrefix)
    {
        if (photo is not null) throw Refuse($"has two photos, {photo} and {field}", "send one photo of each item");
        photo = field;
        items.BeginFile(PhotoItems.Slot, dataUrlPrefix);
    }

    public ValueTask WriteFileAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        items.WriteFileAsync(bytes, cancellationToken);

    public void EndFile() => items.EndFile();

    /// <summary>Ends a photo's task. What the service does not need is left out, so that a photo alone has no input besides it.</summary>
    public ValueTask EndItemAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken) =>
        items.EndItemAsync(Read(json), cancellationToken);

    private ReadOnlyMemory<byte> Read(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty && photo is not null) return json;
        using var document = json.IsEmpty ? null : JsonDocument.Parse(json);
        if (document is not { RootElement: { ValueKind: JsonValueKind.Object } item })
            throw Refuse("is not a photo", "send every item as a base64 string, or as an object with one in image");
        var fields = new JsonFields(path.ToString(), item, path.Item);
        fields.RefuseUnknown(Known);
        var reference = Reference(fields);
        if (photo is null && reference.IsEmpty)
            throw Refuse("is not a photo", "send every item as a base64 string, or as an object with one in image");
        if (photo is not null && !reference.IsEmpty) throw Refuse($"has two photos, {photo} and another", "send one photo of each item");
        var id = SameValue.Any((fields, ItemNames.IdField), (fields, "id"))?.GetRawText();
        if (id is not null && ItemNaming.TooLong(id) is { } reason) throw fields.Invalid(ItemNames.IdField, reason);
        if (id is not null) items.NameItem(new ItemName(null, id));
        return Write(fields, reference);
    }

    /// <summary>Where the photo is, as an object; empty for none.</summary>
    private static ReadOnlyMemory<byte> Reference(JsonFields fields)
    {
        if (fields.Value("image") is { ValueKind: JsonValueKind.Object }) return fields.Raw("image");
        if (!References.Any(fields.Has)) return default;
        return Members(json =>
        {
            foreach (var name in References.Where(fields.Has)) Copy(json, fields, name);
        });
    }

    private static ReadOnlyMemory<byte> Write(JsonFields fields, ReadOnlyMemory<byte> reference)
    {
        string[] own = [PhotoItems.Threshold, PhotoItems.MaxFaces, ItemNames.NameField];
        if (reference.IsEmpty && !own.Any(fields.Has)) return default;
        return Members(json =>
        {
            if (!reference.IsEmpty) json.WriteRaw(PhotoItems.Slot, reference);
            foreach (var name in own.Where(fields.Has)) Copy(json, fields, name);
        });
    }

    private static void Copy(Utf8JsonWriter json, JsonFields fields, string name)
    {
        json.WritePropertyName(name);
        fields.Value(name)!.Value.WriteTo(json);
    }

    private static ReadOnlyMemory<byte> Members(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private IntakeException Refuse(string reason, string advice) =>
        IntakeException.Unusable(path.Name.Length == 0 ? new PayloadPath("image", null) : path, reason, advice);
}
