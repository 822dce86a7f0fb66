using System.Buffers;
using System.Text.Json;
using StashAI.Adapters.Visage;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Routes.Declared;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;

namespace StashAI.Gateway.Routes.Visage;

/// <summary>A list of photos: one task each.</summary>
internal sealed class PhotoListForm(PhotoSink photos, VisageJobs jobs, BodyShape shape) : ItemForm(Fields)
{
    /// <summary>The documented routes: photos in <c>images</c> or <c>items</c>.</summary>
    public static BodyShape Images { get; } = new() { Lists = ["images", BodyShape.Items], Files = ["", .. PhotoSink.Places] };

    /// <summary><c>/api/batch</c> and similar routes: photos in <c>items</c>, or in the body's only list.</summary>
    public static BodyShape AnyList { get; } = new() { IsAnyList = true, Files = ["", .. PhotoSink.Places] };

    /// <summary>In a form, settings hold for all photos; text parts of their own only name the next one.</summary>
    public static FormFields Fields { get; } = new(
        VisageAdapter.Name, VisageAdapter.Identify.Name,
        PhotoItems.Item with { Properties = [.. PhotoItems.Item.Properties.Where(property => property.Key == PhotoItems.Slot)] },
        [PhotoItems.Slot]);

    public override BodyShape Shape => shape;

    public override IItemSink Sink => photos;

    public override async Task<Submission> CompleteAsync(BodyEnvelope body, CancellationToken cancellationToken)
    {
        var root = Object(body);
        photos.Items.Complete();
        var list = shape.IsAnyList ? BodyShape.Items : shape.Lists[0];
        if (photos.Items.Count == 0)
            throw RequestException.Missing(list, $"No {list} provided: send at least one base64 photo in {list}.");
        return await jobs.SubmissionOfAsync(
            root, shape.IsAnyList ? [BodyShape.Items] : shape.Lists, photos.Items, isSingle: false, cancellationToken);
    }
}

/// <summary>One photo; the body is the item.</summary>
internal sealed class PhotoForm(PhotoSink photos, VisageJobs jobs) : ItemForm(PhotoListForm.Fields)
{
    /// <summary>The members of the body that belong to its item. The threshold is the job's, which has this item only.</summary>
    private static readonly string[] OfItem =
        ["image", ItemNames.IdField, ItemNames.NameField, "url", "path"];

    private static readonly BodyShape ThePhoto = new() { RootFiles = PhotoSink.Places, Files = ["", .. PhotoSink.Places] };

    public override BodyShape Shape => ThePhoto;

    public override IItemSink Sink => photos;

    public override async Task<Submission> CompleteAsync(BodyEnvelope body, CancellationToken cancellationToken)
    {
        var root = Object(body);
        if (!IsLenient)
        {
            var item = ItemOf(root, body.HasOpenItem);
            if (!body.HasOpenItem)
            {
                if (item.IsEmpty) throw Missing(root);
                photos.BeginItem(new PayloadPath("", null));
            }

            await photos.EndItemAsync(item, cancellationToken);
        }

        photos.Items.Complete();
        if (photos.Items.Count != 1)
        {
            throw photos.Items.Count == 0
                ? RequestException.Missing("image", "No image data provided: send one photo.")
                : RequestException.Invalid(
                    "image", $"a task has one photo, and these are {photos.Items.Count}. For more, use POST /api/visage/job.");
        }

        return await jobs.SubmissionOfAsync(root, [.. OfItem, "image_data"], photos.Items, isSingle: true, cancellationToken);
    }

    /// <summary>What the body says of its item besides the photo; empty without a place of the photo where it is not in the body.</summary>
    private static ReadOnlyMemory<byte> ItemOf(JsonElement root, bool hasPhoto)
    {
        var fields = new JsonFields("", root);
        var isPlace = fields.Has("url") || fields.Has("path")
            || fields.Value("image") is { ValueKind: JsonValueKind.Object } image && image.EnumerateObject().Any();
        if (!isPlace && (!hasPhoto || !OfItem.Any(fields.Has))) return default;
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            foreach (var member in root.EnumerateObject().Where(member => OfItem.Contains(member.Name))) member.WriteTo(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>The error for a missing photo, or for one that is not text.</summary>
    private static RequestException Missing(JsonElement body)
    {
        if (Has(body, "image", out _)) return RequestException.Invalid("image", "must be a base64 photo.");
        if (Has(body, "image_data", out var data))
        {
            if (data.ValueKind != JsonValueKind.Object)
            {
                return RequestException.Invalid("image_data", "must be a base64 photo, or an object that holds one in image_base64.");
            }

            if (Has(data, "image_base64", out _)) return RequestException.Invalid("image_data.image_base64", "must be a base64 photo.");
        }

        return body.TryGetProperty("scene_id", out _)
            ? RequestException.Invalid(
                "scene_id", "this server cannot fetch a scene's picture by itself; send the picture as base64 in image.")
            : RequestException.Missing("image", "No image data provided: send a base64 photo in image or image_data.");
    }

    private static bool Has(JsonElement body, string name, out JsonElement value) =>
        body.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
}
