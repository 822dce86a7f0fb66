using System.Security.Cryptography;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Access;
using StashAI.Gateway.Dialects.OpenAi.Files;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Files;
using StashAI.Queue.Settings;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Dialects.OpenAi.Uploads;

/// <summary><c>/v1/uploads</c>: files that come in parts, which are stored as they come and survive a restart.</summary>
internal sealed class PartUploadRoutes(
    IClientUploads uploads, IClientFiles files, IRead read, FileIntake intake, SameBytes sameBytes, BodyReader bodies,
    IdempotencyKeys keys, IntakeLimits limits, QueueOptions options)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/uploads", (HttpContext context, PartUploadRoutes own) => own.BeginAsync(context))
            .Describe(UploadDocs.Begin).Needs(ApiScope.Submit);
        routes.MapPost("/v1/uploads/{id}/parts", (HttpContext context, PartUploadRoutes own, string id) => own.AddAsync(context, id))
            .Describe(UploadDocs.Add).Needs(ApiScope.Submit);
        routes.MapPost(
            "/v1/uploads/{id}/complete", (HttpContext context, PartUploadRoutes own, string id) => own.CompleteAsync(context, id))
            .Describe(UploadDocs.Complete).Needs(ApiScope.Submit);
        routes.MapPost("/v1/uploads/{id}/cancel", (HttpContext context, PartUploadRoutes own, string id) => own.CancelAsync(context, id))
            .Describe(UploadDocs.Cancel).Needs(ApiScope.Submit);
    }

    private async Task BeginAsync(HttpContext context)
    {
        if (!await BodyReader.HasBodyAsync(context)) throw RequestException.Missing("body", "The body must be a JSON object.");
        using var body = await bodies.ReadAsync(context);
        if (body is null) return;
        using var idempotency = keys.Begin(context);
        var owner = context.KeyName();
        var (id, first) = await FindFirstAsync(idempotency, context.RequestAborted);
        // An upload that was begun already needs no more room.
        var room = first is null ? await intake.RoomAsync(owner, context.RequestAborted) : limits.MaxUploadBytes;
        var asked = UploadRequest.Read(
            JsonFields.Root(body.Root), owner, Math.Clamp(room, 0, limits.MaxUploadBytes), options.UploadRetention);
        if (first is not null)
        {
            if (!UploadRequest.IsSame(first, asked)) throw IdempotentRequest.UsedForOtherRequest();
            IdempotentRequest.SayReplayed(context);
            await WriteAsync(context, first, await FileOfAsync(first, context.RequestAborted));
            return;
        }

        if (id is { } own) asked = asked with { Id = own };
        var upload = await uploads.BeginUploadAsync(asked, new(limits.MaxUploads, limits.MaxUploadBytes), context.RequestAborted)
            ?? throw new RequestException(new Problem(
                "too-many-uploads", StatusCodes.Status400BadRequest, "Too many open uploads",
                $"You may have {limits.MaxUploads} pending uploads with {limits.MaxUploadBytes} bytes together: complete or cancel one, or "
                + $"raise {IntakeLimits.MaxUploadsSetting} or {IntakeLimits.MaxUploadBytesSetting} on the server.")
            { Setting = IntakeLimits.MaxUploadsSetting });
        await WriteAsync(context, upload, null);
    }

    /// <summary>
    /// The id of an upload with a key, and the upload if it was begun before. One that has expired may have left its file, which has its
    /// id.
    /// </summary>
    private async Task<(Guid? Id, ClientUpload? First)> FindFirstAsync(IdempotentRequest? idempotency, CancellationToken cancellationToken)
    {
        if (idempotency is null) return default;
        for (var made = 0; ; made++)
        {
            var id = idempotency.IdOf(made == 0 ? "openai-upload" : $"openai-upload {made}");
            if (await uploads.FindUploadAsync(id, cancellationToken) is { } first) return (id, first);
            if (await files.FindFileAsync(id, cancellationToken) is null) return (id, null);
        }
    }

    private async Task AddAsync(HttpContext context, string id)
    {
        using var idempotency = keys.Begin(context);
        var upload = await FindAsync(context, id);
        RequirePending(upload);
        var part = idempotency?.IdOf($"openai-part {upload.Id}") ?? Guid.CreateVersion7();
        var first = idempotency is null ? null : await FindPartAsync(upload.Id, part, context.RequestAborted);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var body = await intake.StartAsync(upload.Owner, context.RequestAborted);
        var isKept = false;
        try
        {
            var form = new PartForm(
                limits, (bytes, token) => intake.StoreAsync(
                    body.Id, bytes, upload.Size, () => TooLong(upload), token, idempotency is null ? null : hash));
            if (!await bodies.ReadAsync(context, token => form.ReadAsync(context.Request, token))) return;
            if (first is not null)
            {
                if (!await sameBytes.AreAsync(first.PayloadKey, first.Size, hash, context.RequestAborted))
                    throw IdempotentRequest.UsedForOtherRequest();
                IdempotentRequest.SayReplayed(context);
                await WritePartAsync(context, upload, first);
                return;
            }

            var outcome = await uploads.AddPartAsync(upload.Id, part, body.Id, context.RequestAborted);
            isKept = outcome == PartOutcome.Added;
            if (outcome == PartOutcome.TooLong) throw TooLong(upload);
            if (outcome == PartOutcome.Lost)
                throw new RequestException(Problem.Unavailable("The part was removed meanwhile: send it again."));
            if (!isKept) RequirePending(await FindAsync(context, id));
            var stored = await FindPartAsync(upload.Id, part, context.RequestAborted)
                ?? throw new RequestException(Problem.Conflict("The upload was completed or cancelled meanwhile."));
            await WritePartAsync(context, upload, stored);
        }
        finally
        {
            if (!isKept) await intake.DiscardAsync(body);
        }
    }

    private async Task<UploadPart?> FindPartAsync(Guid upload, Guid part, CancellationToken cancellationToken) =>
        (await uploads.ListPartsAsync(upload, cancellationToken)).FirstOrDefault(one => one.Id == part);

    /// <summary>The file of an upload; null for one that is not completed, or whose file was deleted.</summary>
    private async Task<ClientFile?> FileOfAsync(ClientUpload upload, CancellationToken cancellationToken) =>
        upload.State == ClientUploadState.Completed ? await files.FindFileAsync(upload.Id, cancellationToken) : null;

    private async Task CompleteAsync(HttpContext context, string id)
    {
        // Repeated, it gives the same file, with a key and without.
        _ = IdempotencyKeys.KeyOf(context);
        if (!await BodyReader.HasBodyAsync(context)) throw RequestException.Missing("body", "The body must be a JSON object.");
        using var sent = await bodies.ReadAsync(context);
        if (sent is null) return;
        var fields = JsonFields.Root(sent.Root);
        var upload = await FindAsync(context, id);
        var end = UploadEnd.Read(fields);
        if (upload.State == ClientUploadState.Completed)
        {
            end.RequireSame(upload, fields);
            await WriteAsync(context, upload, await files.FindFileAsync(upload.Id, context.RequestAborted));
            return;
        }

        RequirePending(upload);
        var parts = end.Find(await uploads.ListPartsAsync(upload.Id, context.RequestAborted), fields);
        if (parts.Sum(part => part.Size) is var size && size != upload.Size)
            throw fields.Invalid("part_ids", $"the parts have {size} bytes together, and the upload was begun with {upload.Size}.");
        var file = await JoinAsync(upload, parts, end, fields, context.RequestAborted);
        await WriteAsync(context, upload with { State = ClientUploadState.Completed }, file);
    }

    /// <summary>Makes a file of the parts. What was joined before a crash is removed as uploads are, and is joined again.</summary>
    private async Task<ClientFile> JoinAsync(
        ClientUpload upload, IReadOnlyList<UploadPart> parts, UploadEnd end, JsonFields fields, CancellationToken cancellationToken)
    {
        var body = await intake.StartAsync(upload.Owner, cancellationToken);
        ClientFile? file = null;
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
            long offset = 0;
            foreach (var part in parts)
            {
                if (part.PayloadKey is not { } key) continue;
                await foreach (var piece in read.ReadPayloadAsync(key, part.Size, cancellationToken))
                {
                    hash.AppendData(piece.Span);
                    await intake.AppendAsync(body.Id, offset, piece, cancellationToken);
                    offset += piece.Length;
                }
            }

            var print = end.PrintOf(hash.GetHashAndReset(), fields);
            file = await uploads.CompleteUploadAsync(upload.Id, body.Id, print, intake.Most, cancellationToken);
            if (file is not null)
            {
                // Another request may have completed it meanwhile.
                if (await uploads.FindUploadAsync(upload.Id, cancellationToken) is { } completed) end.RequireSame(completed, fields);
                return file;
            }

            if (await uploads.FindUploadAsync(upload.Id, cancellationToken) is not { State: ClientUploadState.Pending })
                throw new RequestException(Problem.Conflict("The upload was cancelled, or its file was deleted, meanwhile."));
            throw await intake.ReasonToRefuseAsync(upload.Owner, upload.Size, cancellationToken);
        }
        finally
        {
            // A file of another request that completed the upload has its own bytes.
            await intake.DiscardAsync(body);
        }
    }

    private async Task CancelAsync(HttpContext context, string id)
    {
        // Repeated, it gives the same upload, with a key and without.
        _ = IdempotencyKeys.KeyOf(context);
        var upload = await FindAsync(context, id);
        if (upload.State == ClientUploadState.Completed)
            throw new RequestException(Problem.Conflict("This upload is completed: delete its file instead."));
        var cancelled = await uploads.CancelUploadAsync(upload.Id, context.RequestAborted) ?? throw Unknown(id);
        if (cancelled.State == ClientUploadState.Completed)
            throw new RequestException(Problem.Conflict("This upload was completed meanwhile: delete its file instead."));
        await WriteAsync(context, cancelled, null);
    }

    private async Task<ClientUpload> FindAsync(HttpContext context, string id)
    {
        if (OpenAiIds.Upload(id) is not { } guid || await uploads.FindUploadAsync(guid, context.RequestAborted) is not { } upload)
            throw Unknown(id);
        context.RequireOwner(upload.Owner, "This upload was begun by somebody else");
        return upload;
    }

    private static void RequirePending(ClientUpload upload)
    {
        if (upload.State == ClientUploadState.Pending) return;
        var word = upload.State == ClientUploadState.Completed ? "completed" : "cancelled";
        throw new RequestException(Problem.Conflict($"This upload is {word}: begin another."));
    }

    private static RequestException TooLong(ClientUpload upload) => RequestException.Invalid(
        "data",
        $"the parts would have too many bytes: the upload was begun with {upload.Size}, and parts that are sent again may double them.");

    private static RequestException Unknown(string id) => RequestException.NotFound($"No such upload: {Excerpt.Of(id)}");

    private static Task WritePartAsync(HttpContext context, ClientUpload upload, UploadPart part) =>
        WireJson.WriteAsync(context, StatusCodes.Status200OK, json => UploadJson.WritePart(json, upload.Id, part));

    private static Task WriteAsync(HttpContext context, ClientUpload upload, ClientFile? file) =>
        WireJson.WriteAsync(context, StatusCodes.Status200OK, json => UploadJson.Write(json, upload, file));
}
