using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
using StashAI.Gateway.Intake.Records;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Submit.Direct;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Upstreams;
using StashAI.Gateway.Upstreams.Outbound;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Gateway.Wire.Secrets;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Routes.Declared;

/// <summary>Makes jobs of the services that came by files: checks and stores the items, and reads what else a request asks for.</summary>
internal sealed class DeclaredJobs(
    HeldUploads uploads, UpstreamSelector upstreams, OutboundPolicy policy, AllowedFolders folders, IntakeLimits limits, BodyGuard guard, Submitter submitter,
    SecretVault vault, TimeProvider clock)
{
    /// <summary>Takes the body of a request in any of its forms.</summary>
    public async Task SubmitAsync(HttpContext context, ServiceEntry entry, ServiceOperation operation, bool isSingle, IdempotentRequest? once)
    {
        await using var upload = uploads.Open(context.Request);
        var items = Items(upload, operation, entry.Address);
        DeclaredRequest? request = null;
        if (!await guard.ReadAsync(context, async cancellationToken => request = await ReadAsync(context, entry, operation, items, once?.Digest, cancellationToken))) return;
        Check(items, entry, isSingle);
        await submitter.CommitAsync(context, upload, await SubmissionOfAsync(entry, operation, request!, items, isSingle, context.RequestAborted), once);
    }

    /// <summary>Takes a document that was read already.</summary>
    /// <param name="context">The request.</param>
    /// <param name="entry">The service.</param>
    /// <param name="operation">One of its operations.</param>
    /// <param name="document">The body.</param>
    /// <param name="once">The request's idempotency key, or null.</param>
    /// <param name="writeMore">Adds fields to the acknowledgement.</param>
    public async Task SubmitAsync(
        HttpContext context, ServiceEntry entry, ServiceOperation operation, ReadOnlyMemory<byte> document, IdempotentRequest? once, Action<Utf8JsonWriter, EnqueuedJob> writeMore)
    {
        await using var upload = uploads.Open(context.Request);
        var items = Items(upload, operation, entry.Address);
        var request = await ReadDocumentAsync(PipeReader.Create(new(document)), entry, operation, items, null, context.RequestAborted);
        Check(items, entry, isSingle: false);
        var submission = await SubmissionOfAsync(entry, operation, request, items, isSingle: false, context.RequestAborted);
        await submitter.CommitAsync(context, upload, submission with { WriteMore = submission.WriteMore + writeMore }, once);
    }

    private DeclaredUpload Items(HeldUpload upload, ServiceOperation operation, Uri? instance) =>
        new(upload, operation.Item, operation.FileFields, folders, policy, limits) { Instance = instance };

    private static void Check(DeclaredUpload items, ServiceEntry entry, bool isSingle)
    {
        items.Complete();
        if (items.Count == 0) throw RequestException.Missing("items", $"No items provided: send at least one in items{(isSingle ? ", or one in item" : "")}.");
        if (isSingle && items.Count > 1) throw RequestException.Invalid("items", $"a task has one item, and these are {items.Count}. For more, use POST /api/{entry.Name}/job.");
    }

    private async Task<Submission> SubmissionOfAsync(
        ServiceEntry entry, ServiceOperation operation, DeclaredRequest request, DeclaredUpload items, bool isSingle, CancellationToken cancellationToken)
    {
        var upstream = await SelectAsync(entry, operation, request, cancellationToken);
        items.CheckInstance(upstream);
        var job = new NewJob
        {
            Service = entry.Name,
            JobType = operation.Operation.JobType,
            TaskType = operation.Operation.TaskType,
            Upstream = upstream,
            Name = request.Name.Length == 0 && isSingle ? Submission.NameOfOne(entry.Name) : request.Name,
            IsSingleTask = isSingle,
            UserId = request.UserId,
            SessionId = request.SessionId,
            Config = JobCost.Keep(vault.Seal(entry.Name, request.Config, entry.Adapter.Manifest.SecretConfig), operation.CostPerItem),
        };
        return new Submission(
            request.Settings.Apply(job),
            total => total == 1 ? "The item is queued." : $"{total} items are queued.",
            (json, _) =>
            {
                json.WriteString("operation", operation.Name);
                json.WriteString("api_url", request.Url);
                json.WriteNull("visage_api_url");
            });
    }

    private async Task<DeclaredRequest> ReadAsync(
        HttpContext context, ServiceEntry entry, ServiceOperation operation, DeclaredUpload items, IncrementalHash? digest, CancellationToken cancellationToken)
    {
        var query = context.Request.Query.Where(one => one.Key is not ("operation" or "dialect")).Select(one => new KeyValuePair<string, string>(one.Key, one.Value.ToString()));
        var body = context.Request.BodyReader;
        _ = MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type);
        var media = type?.MediaType.Value?.ToLowerInvariant() ?? "";
        // The type decides how the body is read. Of a form it is the media type alone: its boundary is another each time.
        if (digest is not null) RequestDigest.Add(digest, media);
        switch (media)
        {
            case "application/x-ndjson" or "application/jsonl" or "application/ndjson":
                await RecordIntake.ReadLinesAsync(body, operation.FileFields, items, limits, cancellationToken, digest);
                using (var config = QueryConfig.Read(query)) return DeclaredRequest.Read(entry, config.RootElement, isLenient: true, clock.GetUtcNow());
            case "multipart/form-data":
                using (var config = await new FormIntake(entry, operation, items, limits, digest).ReadAsync(context.Request, cancellationToken))
                    return DeclaredRequest.Read(entry, config.RootElement, isLenient: true, clock.GetUtcNow());
            default:
                return await ReadDocumentAsync(body, entry, operation, items, digest, cancellationToken);
        }
    }

    private async Task<DeclaredRequest> ReadDocumentAsync(
        PipeReader body, ServiceEntry entry, ServiceOperation operation, DeclaredUpload items, IncrementalHash? digest, CancellationToken cancellationToken)
    {
        using var envelope = await RecordIntake.ReadJsonAsync(body, operation.FileFields, items, limits, cancellationToken, digest);
        if (envelope.Root.ValueKind != JsonValueKind.Object)
            throw RequestException.Missing("body", "The body must be a JSON object with items, or send application/x-ndjson with an item a line.");
        return DeclaredRequest.Read(entry, envelope.Root, isLenient: false, clock.GetUtcNow());
    }

    /// <summary>The address of the instance; the adapter puts the operation's path behind it.</summary>
    private async Task<Uri> SelectAsync(ServiceEntry entry, ServiceOperation operation, DeclaredRequest request, CancellationToken cancellationToken)
    {
        var selected = await upstreams.SelectAsync(
            entry.Name, request.Url, "/", (path, isAlias) => isAlias || path == "/" || path == operation.Path ? "/" : null, request.UrlField, cancellationToken);
        if (selected.Scheme == ServiceUri.Scheme) return ServiceUri.For(entry.Name, "/" + selected.Query);
        var address = selected.GetLeftPart(UriPartial.Path);
        var instance = operation.Path.Length > 1 && address.EndsWith(operation.Path, StringComparison.Ordinal) ? new Uri(address[..^operation.Path.Length] + "/" + selected.Query) : selected;
        if (entry.Refuse(operation, instance) is { } reason) throw RequestException.Invalid(request.UrlField, reason);
        return instance;
    }
}
