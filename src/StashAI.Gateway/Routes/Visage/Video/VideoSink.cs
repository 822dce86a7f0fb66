using System.Buffers;
using System.Text.Json;
using StashAI.Adapters.Visage;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Routes.Visage.Video;

/// <summary>
/// Receives videos. An item may be the video itself, or say itself where it is; it is passed on in the form of the schema.
/// </summary>
internal sealed class VideoSink(IItemSink items) : IItemSink
{
    /// <summary>The members that say where a video is.</summary>
    private static readonly string[] References = ["url", "path", "folder", "recursive", "types"];

    public void BeginItem(PayloadPath path) => items.BeginItem(path);

    public void NameItem(ItemName name) => items.NameItem(name);

    public void BeginFile(string field, string? dataUrlPrefix) => items.BeginFile(VideoItems.Slot, dataUrlPrefix);

    public ValueTask WriteFileAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        items.WriteFileAsync(bytes, cancellationToken);

    public void EndFile() => items.EndFile();

    public ValueTask EndItemAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken) =>
        items.EndItemAsync(Read(json), cancellationToken);

    private static ReadOnlyMemory<byte> Read(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty) return json;
        using var document = JsonDocument.Parse(json);
        if (document is not { RootElement: { ValueKind: JsonValueKind.Object } item } || item.TryGetProperty(VideoItems.Slot, out _)
            || !item.EnumerateObject().Any(member => References.Contains(member.Name)))
        {
            return json;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            writer.WriteStartObject();
            writer.WriteStartObject(VideoItems.Slot);
            foreach (var member in item.EnumerateObject().Where(member => References.Contains(member.Name))) member.WriteTo(writer);
            writer.WriteEndObject();
            foreach (var member in item.EnumerateObject().Where(member => !References.Contains(member.Name))) member.WriteTo(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
