using System.Text.Json;
using StashAI.Gateway.Intake.Records;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Submit.Direct;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Routes.Visage;

/// <summary>A list of photos: one task each.</summary>
internal sealed class PhotoListForm(MirroredUpload upload, IntakeLimits limits, VisageJobs jobs, RecordShape shape) : JobForm
{
    /// <summary>The documented routes: photos in <c>images</c>.</summary>
    public static RecordShape Images { get; } = new() { Lists = ["images"], Files = ["", .. VisageUpload.Places] };

    /// <summary><c>/api/batch</c> and similar routes: photos in <c>items</c>, or in the body's only list.</summary>
    public static RecordShape AnyList { get; } = new() { IsAnyList = true, Files = ["", .. VisageUpload.Places] };

    private readonly VisageUpload photos = new(upload, limits);

    public override RecordShape Shape => shape;

    public override IRecordSink Sink => photos;

    public override async Task<Submission> CompleteAsync(RecordEnvelope body, CancellationToken cancellationToken)
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
    private static readonly RecordShape ThePhoto = new() { RootFiles = VisageUpload.Places };

    private readonly VisageUpload photos = new(upload, limits);

    public override RecordShape Shape => ThePhoto;

    public override IRecordSink Sink => photos;

    public override async Task<Submission> CompleteAsync(RecordEnvelope body, CancellationToken cancellationToken)
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
