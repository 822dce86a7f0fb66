using System.Text.Json;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Visage;

/// <summary>Stores the photos of a request as they arrive: one task each.</summary>
internal sealed class PhotoSink(IUpload upload, IntakeLimits limits) : IItemSink
{
    /// <summary>The slot of the photo in a task's payloads.</summary>
    public const string Slot = "image";

    private readonly List<string?> ids = [];
    private PayloadPath path;
    private string? photo;
    private long idBytes;

    /// <summary>Where a photo may be in a body, or in an item that is not a photo itself.</summary>
    public static IReadOnlyList<string> Places { get; } = ["image", "image_data", "image_data.image_base64", "image_base64"];

    /// <summary>The client's id of each photo, as JSON; null without an id. Empty when there are no ids.</summary>
    public IReadOnlyList<string?> Ids => idBytes == 0 ? [] : ids;

    public void BeginItem(PayloadPath path)
    {
        this.path = path;
        photo = null;
        upload.BeginTask();
    }

    public void BeginFile(string field, string? dataUrlPrefix)
    {
        if (photo is not null) throw Refuse($"has two photos, {photo} and {field}", "send one photo of each item");
        photo = field;
        upload.BeginPayload(Slot, dataUrlPrefix);
    }

    public ValueTask WriteFileAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        upload.WriteAsync(bytes, cancellationToken);

    public void EndFile() => upload.EndPayload();

    /// <summary>Ends a photo's task, which contains only the photo; its id goes into the job's configuration.</summary>
    public ValueTask EndItemAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        if (photo is null) throw Refuse("is not a photo", "send every item as a base64 string, or as an object with one in image");
        var id = IdOf(json);
        ids.Add(id);
        idBytes += id?.Length ?? 0;
        if (idBytes > limits.MaxEnvelopeBytes)
        {
            throw IntakeException.TooLarge(
                "the ids of the items have too many bytes together", IntakeLimits.MaxEnvelopeBytesSetting, limits.MaxEnvelopeBytes, path);
        }

        return upload.EndTaskAsync(ReadOnlyMemory<byte>.Empty, cancellationToken);
    }

    private string? IdOf(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty) return null;
        using var item = JsonDocument.Parse(json);
        if (item.RootElement.ValueKind != JsonValueKind.Object) return null;
        var fields = new JsonFields(path.ToString(), item.RootElement, path.Item);
        fields.RefuseUnknown("image", "image_data", "image_base64", "item_id", "id", "metadata", "image_metadata");
        return SameValue.Any((fields, "item_id"), (fields, "id"))?.GetRawText();
    }

    private IntakeException Refuse(string reason, string advice) =>
        IntakeException.Unusable(path.Name.Length == 0 ? new PayloadPath("image", null) : path, reason, advice);
}
