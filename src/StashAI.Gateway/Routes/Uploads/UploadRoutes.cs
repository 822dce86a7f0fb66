using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using StashAI.Gateway.Access;
using StashAI.Gateway.Routes.Batch;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Gateway.Wire.Requests;
using StashAI.Hosting.Problems;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Uploads;
using StashAI.Queue.Settings;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Uploads;

/// <summary>
/// <c>/api/uploads</c>: the body of a submit in chunks, which goes on where it was after a broken connection or a restart. The commit hands
/// the whole body to the same intake as a submit in one request.
/// </summary>
internal sealed class UploadRoutes(
    IBodyUploads uploads, QueueEngine engine, DeclaredRoutes declared, BodyReader bodies, Submitter submitter, IntakeLimits limits,
    QueueOptions options)
{
    public const string OffsetHeader = "Upload-Offset";

    /// <summary>The most bytes of a chunk.</summary>
    public const int MaxChunkBytes = 8 << 20;

    /// <summary>The size of chunks that the database stores best.</summary>
    public const int ChunkBytes = 4 * (PayloadReader.MaxPiece / 3 * 3);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/uploads", (HttpContext context, UploadRoutes own) => own.StartAsync(context))
            .Describe(UploadDocs.Start).Needs(ApiScope.Submit);
        routes.MapGet("/api/uploads/{id}", (HttpContext context, UploadRoutes own, string id) => own.ShowAsync(context, id))
            .Describe(UploadDocs.Show).Needs(ApiScope.Submit);
        routes.MapPatch("/api/uploads/{id}", (HttpContext context, UploadRoutes own, string id) => own.AppendAsync(context, id))
            .Describe(UploadDocs.Append).Needs(ApiScope.Submit);
        routes.MapPost("/api/uploads/{id}/commit", (HttpContext context, UploadRoutes own, string id) => own.CommitAsync(context, id))
            .Describe(UploadDocs.Commit).Needs(ApiScope.Submit);
        routes.MapDelete("/api/uploads/{id}", (HttpContext context, UploadRoutes own, string id) => own.RemoveAsync(context, id))
            .Describe(UploadDocs.Remove).Needs(ApiScope.Submit);
    }

    private async Task StartAsync(HttpContext context)
    {
        var key = IdempotencyKeys.KeyOf(context);
        if (!await BodyReader.HasBodyAsync(context))
            throw RequestException.Missing("body", "The body must be a JSON object with at least the service.");
        using var body = await bodies.ReadAsync(context);
        if (body is null) return;
        var fields = JsonFields.Root(body.Root);
        var declaration = UploadDeclaration.Read(fields);
        var size = ReadSize(fields);
        var hash = ChunkDigest.ReadHex(fields.Text("sha256"));
        try
        {
            _ = declared.Find(declaration.Service, declaration.Operation, declaration.IsSingle);
        }
        catch (RequestException exception)
        {
            throw new RequestException(
                Problem.Invalid(exception.Problem.Detail, declaration.Operation is null ? "service" : "operation"));
        }

        var asked = new NewBodyUpload(Guid.CreateVersion7(), OwnerOf(context), key, declaration.Write(), size, hash);
        var upload = await uploads.StartUploadAsync(asked, limits.MaxUploads, options.UploadRetention, context.RequestAborted)
            ?? throw new RequestException(new Problem(
                "too-many-uploads", StatusCodes.Status409Conflict, "Too many open uploads",
                $"You have {limits.MaxUploads} open uploads: commit or delete one, wait until they expire, or raise "
                + $"{IntakeLimits.MaxUploadsSetting} on the server.")
            { Setting = IntakeLimits.MaxUploadsSetting });
        if (upload.Declaration != asked.Declaration || upload.Size != size || !upload.Sha256.Span.SequenceEqual(hash))
            throw IdempotentRequest.UsedForOtherRequest();
        context.Response.Headers.Location = $"/api/uploads/{upload.Id}";
        if (upload.Id != asked.Id) context.Response.Headers["Idempotency-Replayed"] = "true";
        await WriteAsync(context, upload.Id == asked.Id ? StatusCodes.Status201Created : StatusCodes.Status200OK, upload);
    }

    private async Task ShowAsync(HttpContext context, string id) =>
        await WriteAsync(context, StatusCodes.Status200OK, await FindAsync(context, id));

    private async Task AppendAsync(HttpContext context, string id)
    {
        var upload = await FindAsync(context, id);
        var hash = ChunkDigest.Read(context.Request);
        var offset = ReadOffset(context.Request);
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(context.Request.ContentLength ?? MaxChunkBytes, MaxChunkBytes) + 1);
        try
        {
            var length = 0;
            if (!await bodies.ReadAsync(
                context, async cancellationToken => length = await ReadChunkAsync(context.Request, buffer, cancellationToken)))
            {
                return;
            }

            var chunk = buffer.AsMemory(0, length);
            if (!SHA256.HashData(chunk.Span).AsSpan().SequenceEqual(hash))
                throw RequestException.Invalid(ChunkDigest.Header, "does not match the bytes that arrived; send the chunk again.");
            if (offset + length > limits.MaxBodyBytes)
            {
                throw new RequestException(Problem.TooLarge(
                    $"The upload would have more than {limits.MaxBodyBytes} bytes; send less at once, or raise "
                    + $"{IntakeLimits.MaxBodyBytesSetting} on the server.", IntakeLimits.MaxBodyBytesSetting));
            }

            var result = await uploads.AppendUploadAsync(upload.Id, offset, chunk, limits.MaxUploadBytes, context.RequestAborted);
            if (result.Outcome != ChunkOutcome.Stored) throw UploadProblems.Of(result.Outcome, upload.Id, result.Received, limits);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        await WriteAsync(context, StatusCodes.Status200OK, await FindAsync(context, id));
    }

    private async Task CommitAsync(HttpContext context, string id)
    {
        // Errors outside the body are reported before gigabytes are read.
        _ = DialectWords.Of(context, Dialect.Default);
        byte[] hash = [];
        if (await BodyReader.HasBodyAsync(context))
        {
            using var body = await bodies.ReadAsync(context);
            if (body is null) return;
            var fields = JsonFields.Root(body.Root);
            fields.RefuseUnknown("sha256");
            hash = ChunkDigest.ReadHex(fields.Text("sha256"));
        }

        var upload = await FindAsync(context, id);
        if (upload.JobId is { } first && await engine.Read.FindJobAsync(first, context.RequestAborted) is { } job)
        {
            await submitter.RepeatAsync(context, job);
            return;
        }

        if (upload.JobId is not null) throw RequestException.NotFound($"The job of this upload, {upload.JobId}, was deleted.");
        if (upload.Received == 0 || upload.Received < upload.Size) throw UploadProblems.Incomplete(upload);
        await CheckAsync(upload, hash, context.RequestAborted);
        await using var stored = new StoredBody(engine.Read, upload);
        var declaration = UploadDeclaration.Parse(upload.Declaration);
        stored.Replace(context, declaration.ContentType);
        context.Request.QueryString = declaration.Config is { } config ? QueryString.Create("config", config) : QueryString.Empty;
        // A commit whose answer was lost finds the job that it made.
        context.Request.Headers[IdempotencyKeys.Header] = $"upload-{upload.Id}";
        context.Features.Set(new CommitNotice(
            enqueued => uploads.CommitUploadAsync(upload.Id, enqueued.JobId, CancellationToken.None)));
        await declared.Find(declaration.Service, declaration.Operation, declaration.IsSingle)(context);
    }

    private async Task RemoveAsync(HttpContext context, string id)
    {
        var upload = await FindAsync(context, id);
        if (!await uploads.RemoveUploadAsync(upload.Id, context.RequestAborted)) throw UploadProblems.Unknown(id);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task CheckAsync(BodyUpload upload, byte[] hash, CancellationToken cancellationToken)
    {
        if (upload.Sha256.IsEmpty && hash.Length == 0) return;
        var actual = await StoredBody.HashAsync(engine.Read, upload, cancellationToken);
        if (hash.Length > 0 && !actual.AsSpan().SequenceEqual(hash)) throw UploadProblems.WrongHash(upload);
        if (!upload.Sha256.IsEmpty && !actual.AsSpan().SequenceEqual(upload.Sha256.Span)) throw UploadProblems.WrongHash(upload);
    }

    /// <summary>An upload of the caller. One of another key is as unknown as one that expired.</summary>
    private async Task<BodyUpload> FindAsync(HttpContext context, string id) =>
        Guid.TryParse(id, out var guid) && await uploads.FindUploadAsync(guid, context.RequestAborted) is { } upload
        && upload.Owner == OwnerOf(context)
            ? upload
            : throw UploadProblems.Unknown(id);

    private static string? OwnerOf(HttpContext context) => CallerIdentity.Of(context.User)?.KeyName;

    private long? ReadSize(JsonFields fields)
    {
        if (fields.LongInteger("size", 1, long.MaxValue) is not { } size) return null;
        return size <= limits.MaxBodyBytes ? size : throw new RequestException(Problem.TooLarge(
            $"size: a body may have {limits.MaxBodyBytes} bytes; send less at once, or raise {IntakeLimits.MaxBodyBytesSetting} on the "
            + "server.", IntakeLimits.MaxBodyBytesSetting));
    }

    private static long ReadOffset(HttpRequest request)
    {
        var text = request.Headers[OffsetHeader].ToString();
        if (text.Length == 0)
            throw RequestException.Missing(OffsetHeader, $"{OffsetHeader} is missing: send the position of the chunk in the body.");
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            ? offset
            : throw RequestException.Invalid(OffsetHeader, "must be the position of the chunk in the body, a whole number from 0.");
    }

    private static async Task<int> ReadChunkAsync(HttpRequest request, byte[] buffer, CancellationToken cancellationToken)
    {
        var length = 0;
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);
            if (read.IsCanceled) throw new OperationCanceledException("The reader of the body was cancelled.");
            var bytes = read.Buffer;
            var isTooLong = length + bytes.Length > Math.Min(buffer.Length, MaxChunkBytes);
            if (!isTooLong) bytes.CopyTo(buffer.AsSpan(length));
            length += (int)bytes.Length;
            request.BodyReader.AdvanceTo(bytes.End);
            if (isTooLong)
            {
                throw IntakeException.TooLarge("the chunk has too many bytes", "max_chunk_bytes", MaxChunkBytes);
            }

            if (read.IsCompleted) return length;
        }
    }

    private Task WriteAsync(HttpContext context, int status, BodyUpload upload)
    {
        context.Response.Headers[OffsetHeader] = upload.Received.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers.CacheControl = "no-store";
        return WireJson.WriteAsync(context, status, json => Write(json, upload));
    }

    private void Write(Utf8JsonWriter json, BodyUpload upload)
    {
        json.WriteStartObject();
        json.WriteString("id", upload.Id);
        json.WriteString("state", upload.JobId is null ? "open" : "committed");
        json.WriteNumber("offset", upload.Received);
        if (upload.Size is { } size) json.WriteNumber("size", size);
        else json.WriteNull("size");
        json.WriteString("sha256", upload.Sha256.IsEmpty ? null : Convert.ToHexStringLower(upload.Sha256.Span));
        UploadDeclaration.Parse(upload.Declaration).WriteFields(json);
        json.WriteNumber("chunk_bytes", ChunkBytes);
        json.WriteNumber("max_chunk_bytes", MaxChunkBytes);
        WireTime.WriteTime(json, "created_at", upload.CreatedAt);
        WireTime.WriteTime(json, "expires_at", upload.TouchedAt + options.UploadRetention);
        if (upload.JobId is { } job) json.WriteString("job_id", job);
        else json.WriteNull("job_id");
        json.WriteEndObject();
    }
}
