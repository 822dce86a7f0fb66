using System.IO.Pipelines;
using System.Text.Json;
using StashAI.Adapters.Visage;
using StashAI.Gateway.Intake.Records;
using StashAI.Gateway.Routes.Declared;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Submit.Direct;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Upstreams;
using StashAI.Gateway.Upstreams.Outbound;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Jobs;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Visage.Compare;

/// <summary>Batches of comparisons: pairs, or one target with many (A068). Photos are stored while they arrive.</summary>
internal sealed class CompareRoutes(
    HeldUploads uploads, UpstreamSelector upstreams, OutboundPolicy policy, AllowedFolders folders, IntakeLimits limits, BodyGuard guard,
    Submitter submitter, IdempotencyKeys keys, TimeProvider clock)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/visage/batch/compare", (HttpContext context, CompareRoutes compare) => compare.SubmitAsync(context, VisageAdapter.Compare));
        routes.MapPost("/api/visage/batch/one-to-many", (HttpContext context, CompareRoutes compare) => compare.SubmitAsync(context, VisageAdapter.OneToMany));
    }

    private async Task SubmitAsync(HttpContext context, AdapterOperation operation)
    {
        using var once = keys.Begin(context);
        await using var upload = uploads.Open(context.Request);
        RecordEnvelope? body = null;
        var items = Items(upload, operation);
        try
        {
            var isRead = await guard.ReadAsync(context, async cancellationToken =>
                body = await RecordIntake.ReadJsonAsync(context.Request.BodyReader, FileFields(operation), items, limits, cancellationToken, once?.Digest));
            if (isRead) await CommitAsync(context, upload, operation, items, body!.Root, once, null);
        }
        finally
        {
            body?.Dispose();
        }
    }

    /// <summary>The same for a document that was read already.</summary>
    /// <param name="context">The request.</param>
    /// <param name="operation">One of the two.</param>
    /// <param name="document">The body.</param>
    /// <param name="once">The request's idempotency key, or null.</param>
    /// <param name="writeMore">Adds fields to the acknowledgement.</param>
    public async Task SubmitAsync(
        HttpContext context, AdapterOperation operation, ReadOnlyMemory<byte> document, IdempotentRequest? once, Action<Utf8JsonWriter, EnqueuedJob> writeMore)
    {
        await using var upload = uploads.Open(context.Request);
        var items = Items(upload, operation);
        using var body = await RecordIntake.ReadJsonAsync(PipeReader.Create(new(document)), FileFields(operation), items, limits, context.RequestAborted);
        await CommitAsync(context, upload, operation, items, body.Root, once, writeMore);
    }

    private async Task CommitAsync(
        HttpContext context, HeldUpload upload, AdapterOperation operation, DeclaredUpload items, JsonElement body, IdempotentRequest? once,
        Action<Utf8JsonWriter, EnqueuedJob>? writeMore)
    {
        if (body.ValueKind != JsonValueKind.Object) throw RequestException.Missing("body", "The body must be a JSON object.");
        items.Complete();
        if (items.Count == 0)
        {
            throw RequestException.Missing("items", operation == VisageAdapter.Compare
                ? "No items provided: send at least one pair in items."
                : "No items provided: send at least one photo or person in items.");
        }

        var target = operation == VisageAdapter.OneToMany ? CompareTarget.Read(body) : null;
        var request = VisageRequest.Read(body, null, clock.GetUtcNow(), json => target?.Write(json));
        if (target is not null) await target.WriteAsync(upload, context.RequestAborted);
        var submission = await SubmissionOfAsync(request, operation, context.RequestAborted);
        if (writeMore is not null) submission = submission with { WriteMore = submission.WriteMore + writeMore };
        await submitter.CommitAsync(context, upload, submission, once);
    }

    private async Task<Submission> SubmissionOfAsync(VisageRequest request, AdapterOperation operation, CancellationToken cancellationToken)
    {
        var job = new NewJob
        {
            Service = VisageAdapter.Name,
            JobType = operation.JobType,
            TaskType = operation.TaskType,
            Upstream = ForComparisons(await upstreams.SelectAsync(
                VisageAdapter.Name, request.Url, VisagePaths.Compare, static (path, _) => VisagePaths.Find(path), "visage_api_url", cancellationToken)),
            Name = request.Name,
            UserId = request.UserId,
            SessionId = request.SessionId,
            Config = request.Config,
        };
        return new Submission(
            request.Settings.Apply(job),
            total => total == 1 ? "The comparison is queued." : $"{total} comparisons are queued.",
            (json, _) =>
            {
                json.WriteString("visage_api_url", request.Url);
                json.WriteNumber("threshold_used", request.Threshold);
            });
    }

    /// <summary>Clients have one address for all that they do: that of the route which identifies. Comparisons are beside it.</summary>
    private static Uri ForComparisons(Uri upstream)
    {
        var path = upstream.AbsolutePath;
        var at = path.LastIndexOf('/') + 1;
        var isOther = path[at..] is "" or "identify" || path[at..].StartsWith("predict_", StringComparison.Ordinal);
        if (!isOther) return upstream;
        var beside = path == "/" ? VisagePaths.Compare : $"{path[..at]}compare_faces";
        return new Uri($"{upstream.Scheme}://{upstream.Authority}{beside}");
    }

    private DeclaredUpload Items(HeldUpload upload, AdapterOperation operation) => operation == VisageAdapter.Compare
        ? new DeclaredUpload(upload, CompareItems.PairItem, FileFields(operation), folders, policy, limits, CompareRules.Pair)
        : new DeclaredUpload(upload, CompareItems.OneToManyItem, FileFields(operation), folders, policy, limits, CompareRules.One);

    /// <summary>What is compared with a target may be a photo and nothing else.</summary>
    private static IReadOnlyList<string> FileFields(AdapterOperation operation) =>
        operation == VisageAdapter.Compare ? CompareItems.PairItem.FileFields : ["", .. CompareItems.OneToManyItem.FileFields];
}
