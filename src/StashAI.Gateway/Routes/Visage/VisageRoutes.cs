using System.Text.Json;
using StashAI.Adapters.Visage;
using StashAI.Gateway.Access;
using StashAI.Gateway.Intake;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Submit.Direct;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Upstreams;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Jobs;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Visage;

/// <summary>The routes that take photos in (C-03: two routes, one handler). Photos are stored while they arrive.</summary>
internal sealed class VisageRoutes(
    HeldUploads uploads, UpstreamSelector upstreams, BodyReader bodies, Submitter submitter, IdempotencyKeys keys, TimeProvider clock)
{
    private static readonly IntakeShape Batch = new("images[*]");
    private static readonly IntakeShape Single = new("image", "image_data", "image_data.image_base64");

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/visage/job", (HttpContext context, VisageRoutes visage) => visage.SubmitAsync(context, Batch, isSingle: false))
            .Describe(VisageDocs.Job).Needs(ApiScope.Submit);
        routes.MapPost("/api/visage/batch/identify", (HttpContext context, VisageRoutes visage) => visage.SubmitAsync(context, Batch, isSingle: false))
            .Describe(VisageDocs.Identify).Needs(ApiScope.Submit);
        routes.MapPost("/api/visage/task", (HttpContext context, VisageRoutes visage) => visage.SubmitAsync(context, Single, isSingle: true))
            .Describe(VisageDocs.Task).Needs(ApiScope.Submit);
    }

    private async Task SubmitAsync(HttpContext context, IntakeShape shape, bool isSingle)
    {
        using var once = keys.Begin(context);
        await using var upload = uploads.Open(context.Request);
        using var body = await bodies.ReadAsync(context, shape, new VisageUpload(upload), once?.Digest);
        if (body is null) return;
        var envelope = body.Envelope.RootElement;
        CheckPhotos(envelope, upload.TaskCount, isSingle);
        var request = VisageRequest.Read(envelope, upload.TaskCount, clock.GetUtcNow());
        await submitter.CommitAsync(context, upload, await SubmissionOfAsync(request, isSingle, context.RequestAborted), once);
    }

    /// <summary>The job that a request asks for.</summary>
    /// <exception cref="Sdk.OutboundRefusedException">Its address may not be called.</exception>
    public async Task<Submission> SubmissionOfAsync(VisageRequest request, bool isSingle, CancellationToken cancellationToken)
    {
        var upstream = await upstreams.SelectAsync(VisageAdapter.Name, request.Url, VisagePaths.Identify, static (path, _) => VisagePaths.Find(path), "visage_api_url", cancellationToken);
        var job = new NewJob
        {
            Service = VisageAdapter.Name,
            JobType = VisageAdapter.Identify.JobType,
            TaskType = VisageAdapter.Identify.TaskType,
            Upstream = upstream,
            Name = request.Name.Length == 0 && isSingle ? request.NameOfOne : request.Name,
            IsSingleTask = isSingle,
            UserId = request.UserId,
            SessionId = request.SessionId,
            Config = request.Config,
        };
        return new Submission(
            request.Settings.Apply(job),
            total => total == 1 ? "The photo is queued." : $"{total} photos are queued.",
            (json, _) =>
            {
                json.WriteString("visage_api_url", request.Url);
                json.WriteNumber("threshold_used", request.Threshold);
            });
    }

    private static void CheckPhotos(JsonElement body, int photos, bool isSingle)
    {
        if (body.ValueKind != JsonValueKind.Object) throw RequestException.Missing("body", "The body must be a JSON object.");
        if (!isSingle)
        {
            if (body.TryGetProperty("images", out var images) && images.ValueKind is not (JsonValueKind.Array or JsonValueKind.Null))
                throw RequestException.Invalid("images", "must be a list of base64 photos.");
            if (photos == 0) throw RequestException.Missing("images", "No images provided: send at least one base64 photo in images.");
            return;
        }

        if (photos > 1) throw RequestException.Invalid("image", "send one photo: image, or image_data. For more, use POST /api/visage/job.");
        if (photos == 1) return;
        CheckPhotoType(body);
        if (body.TryGetProperty("scene_id", out _))
        {
            throw RequestException.Invalid(
                "scene_id", "this server cannot fetch a scene's picture by itself; send the picture as base64 in image.");
        }

        throw RequestException.Missing("image", "No image data provided: send a base64 photo in image or image_data.");
    }

    /// <summary>A photo that is there but is no text is not a missing photo.</summary>
    private static void CheckPhotoType(JsonElement body)
    {
        if (body.TryGetProperty("image", out var image) && image.ValueKind != JsonValueKind.Null)
            throw RequestException.Invalid("image", "must be a base64 photo.");
        if (!body.TryGetProperty("image_data", out var data) || data.ValueKind == JsonValueKind.Null) return;
        if (data.ValueKind != JsonValueKind.Object)
            throw RequestException.Invalid("image_data", "must be a base64 photo, or an object that holds one in image_base64.");
        if (data.TryGetProperty("image_base64", out image) && image.ValueKind != JsonValueKind.Null)
            throw RequestException.Invalid("image_data.image_base64", "must be a base64 photo.");
    }
}
