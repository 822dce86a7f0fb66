using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using StashAI.Client.Errors;
using StashAI.Client.Http;
using StashAI.Client.Models;

namespace StashAI.Client.Submit;

/// <summary>
/// Sends a large body in chunks, which the server keeps for a day. The key of the upload is made of the hash of the body, so that another
/// submit of the same body goes on where this one broke; the upload is deleted when its job is known.
/// </summary>
internal sealed class ChunkedUpload(ApiSender api, TimeSpan patience, string service, string? operation, SubmitOptions options)
{
    private const string Problem = "urn:stashai:problem:";

    /// <summary>How long a chunk may take.</summary>
    private static readonly TimeSpan ChunkTimeout = TimeSpan.FromMinutes(5);

    /// <summary>True when the server takes uploads. Older ones do not.</summary>
    public async Task<bool> IsOfferedAsync(CancellationToken cancellationToken)
    {
        try
        {
            var root = await api.ReadAsync(Routes.Root, Routes.Root.Fill([]), StashJsonContext.Default.WireRoot, cancellationToken)
                .ConfigureAwait(false);
            return root.Routes is { } routes && routes.Any(Routes.StartUpload.IsNamedBy);
        }
        catch (StashException exception) when (exception is not StashUnreachableException)
        {
            return false; // A proxy that shows nothing but some routes.
        }
    }

    /// <summary>Sends a body whose hash is known, from where an earlier submit broke; null when the server takes no uploads.</summary>
    public async Task<Submission?> TryRunAsync(
        long size, byte[] sha256, Func<IProgress<SubmitProgress>?, ItemContent> open, CancellationToken cancellationToken)
    {
        WireUpload upload;
        try
        {
            upload = await StartAsync(KeyOf(sha256), size, sha256, cancellationToken).ConfigureAwait(false);
        }
        catch (StashException exception) when (exception is StashNotFoundException or StashOutdatedServerException
            || exception.Type == Problem + "too-many-uploads")
        {
            return null;
        }

        using var chunks = Open(upload);
        if (upload.JobId is null)
        {
            using var body = open(options.Progress is { } progress ? new ResumedProgress(progress, upload.Offset) : null);
            await body.CopyAsync(chunks, cancellationToken).ConfigureAwait(false);
            await chunks.EndAsync(cancellationToken).ConfigureAwait(false);
        }

        return await CommitAsync(upload.Id, null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Begins an upload of a body that can be made only once.</summary>
    public async Task<ChunkStream> OpenAsync(CancellationToken cancellationToken) => Open(
        await StartAsync(options.IdempotencyKey ?? Guid.NewGuid().ToString(), null, null, cancellationToken).ConfigureAwait(false));

    /// <summary>Makes a job of an upload, and deletes the upload.</summary>
    public async Task<Submission> CommitAsync(Guid id, byte[]? sha256, CancellationToken cancellationToken)
    {
        try
        {
            var submission = await api.SendPatientlyAsync(
                Routes.CommitUpload,
                Routes.CommitUpload.Fill([id.ToString()]),
                sha256 is null ? null : () => Json(new JsonObject { ["sha256"] = Convert.ToHexStringLower(sha256) }),
                [],
                Timeout.InfiniteTimeSpan,
                patience,
                StashJsonContext.Default.Submission,
                cancellationToken).ConfigureAwait(false);
            // With a key of the caller, the same submit gives the same job for a day.
            if (options.IdempotencyKey is null) await DeleteAsync(id, cancellationToken).ConfigureAwait(false);
            return submission;
        }
        catch (StashInvalidRequestException)
        {
            await DeleteAsync(id, cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    private Task<WireUpload> StartAsync(string key, long? size, byte[]? sha256, CancellationToken cancellationToken)
    {
        var declaration = new JsonObject { ["service"] = service };
        if (operation is not null) declaration["operation"] = operation;
        if (size is not null) declaration["size"] = size;
        if (sha256 is not null) declaration["sha256"] = Convert.ToHexStringLower(sha256);
        return api.SendPatientlyAsync(
            Routes.StartUpload,
            Routes.StartUpload.Fill([]),
            () => Json(declaration),
            [("Idempotency-Key", key)],
            ChunkTimeout,
            patience,
            StashJsonContext.Default.WireUpload,
            cancellationToken);
    }

    private ChunkStream Open(WireUpload upload) => new(upload, (offset, bytes, stop) => SendAsync(upload.Id, offset, bytes, stop));

    private async Task<bool> SendAsync(Guid id, long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await api.SendPatientlyAsync(
                Routes.AppendUpload,
                Routes.AppendUpload.Fill([id.ToString()]),
                () => new ReadOnlyMemoryContent(bytes)
                {
                    Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") },
                },
                [
                    ("Upload-Offset", offset.ToString(CultureInfo.InvariantCulture)),
                    ("Content-Digest", $"sha-256=:{Convert.ToBase64String(SHA256.HashData(bytes.Span))}:"),
                ],
                ChunkTimeout,
                patience,
                StashJsonContext.Default.WireUpload,
                cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (StashConflictException exception) when (exception.Type == Problem + "upload-committed")
        {
            return false; // Another submit of the same body was faster.
        }
    }

    private async Task DeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            await api.SendAsync(Routes.DeleteUpload, Routes.DeleteUpload.Fill([id.ToString()]), cancellationToken).ConfigureAwait(false);
        }
        catch (StashException)
        {
            // It expires.
        }
    }

    private string KeyOf(byte[] sha256) => options.IdempotencyKey
        ?? "resume-" + Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes($"{service}\n{operation}\n"), .. sha256]));

    private static StringContent Json(JsonObject body) => new(body.ToJsonString(), Encoding.UTF8, "application/json");

    /// <summary>Reports from where the upload goes on.</summary>
    private sealed class ResumedProgress(IProgress<SubmitProgress> progress, long from) : IProgress<SubmitProgress>
    {
        public void Report(SubmitProgress value)
        {
            if (value.Bytes >= from) progress.Report(value with { IsResumable = true, ResumedFrom = from });
        }
    }
}
