using System.Text.Json;
using StashAI.Adapters.Visage;
using StashAI.Queue.Engine;
using StashAI.Queue.Model;
using StashAI.Queue.Store;
using StashAI.Server.Api.Wire;
using StashAI.Server.Intake;
using StashAI.Server.Problems;
using StashAI.Server.Upstreams;

namespace StashAI.Server.Api.Visage;

/// <summary>The routes that take photos in (C-03: two routes, one handler). Photos are stored while they arrive.</summary>
internal sealed class VisageRoutes(QueueEngine engine, UpstreamSelector upstreams, IntakeLimits limits, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    private const string DefaultPath = "/api/predict_1";

    /// <summary>What a client has to stop sending when it was refused because the server stops.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private static readonly IntakeShape Batch = new("images[*]");
    private static readonly IntakeShape Single = new("image", "image_data", "image_data.image_base64");

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/visage/job", (HttpContext context, VisageRoutes visage) => visage.SubmitAsync(context, Batch, isSingle: false));
        routes.MapPost("/api/visage/batch/identify", (HttpContext context, VisageRoutes visage) => visage.SubmitAsync(context, Batch, isSingle: false));
        routes.MapPost("/api/visage/task", (HttpContext context, VisageRoutes visage) => visage.SubmitAsync(context, Single, isSingle: true));
    }

    private async Task SubmitAsync(HttpContext context, IntakeShape shape, bool isSingle)
    {
        await using var upload = engine.OpenUpload();
        using var body = await ReadAsync(context, shape, upload);
        if (body is null) return;
        var envelope = body.Envelope.RootElement;
        CheckPhotos(envelope, upload.TaskCount, isSingle);
        var request = VisageRequest.Read(envelope, upload.TaskCount);
        var upstream = await upstreams.SelectAsync(VisageAdapter.Name, request.Url, DefaultPath, "visage_api_url", context.RequestAborted);
        var job = await engine.CommitAsync(
            upload,
            new NewJob
            {
                Service = VisageAdapter.Name,
                JobType = VisageAdapter.Identify.JobType,
                TaskType = VisageAdapter.Identify.TaskType,
                Upstream = upstream,
                Name = request.Name,
                IsSingleTask = isSingle,
                UserId = request.UserId,
                SessionId = request.SessionId,
                Priority = request.Priority,
                MaxParallel = request.MaxParallel ?? int.MaxValue,
                Config = request.Config,
            },
            context.RequestAborted);
        await AcknowledgeAsync(context, job, request, isSingle);
    }

    /// <summary>Reads the body. A slow one must not hold up the end of the server: it is refused, and null is returned.</summary>
    private async Task<IntakeResult?> ReadAsync(HttpContext context, IntakeShape shape, IUpload upload)
    {
        // A cancelled token would leave a read in the pipe, and nobody could read the rest.
        await using var stop = lifetime.ApplicationStopping.Register(context.Request.BodyReader.CancelPendingRead);
        try
        {
            return await JsonIntake.ReadAsync(context.Request.BodyReader, shape, new VisageUpload(upload), limits, context.RequestAborted);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            await RefuseAsync(context);
            return null;
        }
    }

    /// <summary>Kestrel would wait for the rest of the body for as long as the server may take to stop.</summary>
    private async Task RefuseAsync(HttpContext context)
    {
        await Problem.Unavailable("The server is stopping and took nothing of this upload: send it again.").ExecuteAsync(context);
        await context.Response.CompleteAsync();
        using var patience = new CancellationTokenSource(Farewell, clock);
        try
        {
            // A client that is still sending reads the answer only if the connection is not reset under it.
            await context.Request.Body.CopyToAsync(Stream.Null, patience.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            context.Abort();
        }
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

    private static Task AcknowledgeAsync(HttpContext context, EnqueuedJob job, VisageRequest request, bool isSingle)
    {
        var taskId = TaskKey.TaskId(job.JobId, 0);
        var url = isSingle ? $"/api/queue/task/{taskId}" : $"/api/queue/job/{job.JobId}";
        context.Response.Headers.Location = url;
        return WireJson.WriteAsync(context, StatusCodes.Status202Accepted, json =>
        {
            json.WriteStartObject();
            if (isSingle) json.WriteString("task_id", taskId);
            json.WriteString("job_id", job.JobId);
            json.WriteString("status", DialectWords.Accepted);
            json.WriteString("state", DialectWords.State(JobState.Pending));
            json.WriteNumber("total_tasks", job.Total);
            json.WriteNumber("expected_tasks", job.Total);
            json.WriteNull("estimated_completion");
            JobJson.WriteTaskIds(json, job.JobId, job.Total);
            json.WriteString("visage_api_url", request.Url);
            json.WriteNumber("threshold_used", request.Threshold);
            json.WriteNull("coordinator_task_id");
            json.WriteString("message", job.Total == 1 ? "The photo is queued." : $"{job.Total} photos are queued.");
            json.WriteStartObject("websocket_subscription");
            json.WriteString("type", isSingle ? "subscribe_task" : "subscribe_job");
            json.WriteString(isSingle ? "task_id" : "job_id", isSingle ? taskId : job.JobId);
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }
}
