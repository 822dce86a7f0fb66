using System.Text.Json;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Submit.Direct;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Routes.Visage;

/// <summary>A list of photos: one task each.</summary>
internal sealed class PhotoListForm(MirroredUpload upload, IntakeLimits limits, VisageJobs jobs, BodyShape shape) : JobForm
{
    /// <summary>The documented routes: photos in <c>images</c>.</summary>
    public static BodyShape Images { get; } = new() { Lists = ["images"], Files = ["", .. PhotoSink.Places] };

    /// <summary><c>/api/batch</c> and similar routes: photos in <c>items</c>, or in the body's only list.</summary>
    public static BodyShape AnyList { get; } = new() { IsAnyList = true, Files = ["", .. PhotoSink.Places] };

    private readonly PhotoSink photos = new(upload, limits);

    public override BodyShape Shape => shape;

    public override IItemSink Sink => photos;

    public override async Task<Submission> CompleteAsync(BodyEnvelope body, CancellationToken cancellationToken)
    {
        var root = Object(body);
        var list = shape.IsAnyList ? "items" : shape.Lists[0];
        if (upload.TaskCount == 0) throw RequestException.Missing(list, $"No {list} provided: send at least one base64 photo in {list}.");
        return await jobs.SubmissionOfAsync(
            root, shape.IsAnyList ? ["items"] : shape.Lists, upload.TaskCount, photos.Ids, isSingle: false, cancellationToken);
    }
}

/// <summary>One photo; the body is the item.</summary>
internal sealed class PhotoForm(MirroredUpload upload, IntakeLimits limits, VisageJobs jobs) : JobForm
{
    private static readonly BodyShape ThePhoto = new() { RootFiles = PhotoSink.Places };

    private readonly PhotoSink photos = new(upload, limits);

    public override BodyShape Shape => ThePhoto;

    public override IItemSink Sink => photos;

    public override async Task<Submission> CompleteAsync(BodyEnvelope body, CancellationToken cancellationToken)
    {
        var root = Object(body);
        if (!body.HasOpenItem) throw Missing(root);
        await photos.EndItemAsync(ReadOnlyMemory<byte>.Empty, cancellationToken);
        return await jobs.SubmissionOfAsync(root, ["image", "image_data"], 1, [], isSingle: true, cancellationToken);
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
