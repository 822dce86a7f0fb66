using System.IO.Pipelines;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.Features;
using StashAI.Queue.Model.Uploads;
using StashAI.Queue.Store;
using StashAI.Streams;

namespace StashAI.Gateway.Routes.Uploads;

/// <summary>The bytes of an upload as the body of a request.</summary>
internal sealed class StoredBody(IRead store, BodyUpload upload) : ReadOnlyStream, IRequestBodyPipeFeature
{
    private readonly CancellationTokenSource end = new();
    private IAsyncEnumerator<ReadOnlyMemory<byte>>? pieces;
    private ReadOnlyMemory<byte> piece;

    /// <inheritdoc/>
    public PipeReader Reader => field ??= PipeReader.Create(this, new StreamPipeReaderOptions(leaveOpen: true));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || upload.PayloadKey is not { } key) return 0;
        cancellationToken.ThrowIfCancellationRequested();
        pieces ??= store.ReadPayloadAsync(key, upload.Received, end.Token).GetAsyncEnumerator(end.Token);
        while (piece.IsEmpty)
        {
            if (!await pieces.MoveNextAsync()) return 0;
            piece = pieces.Current;
        }

        var length = Math.Min(piece.Length, buffer.Length);
        piece[..length].CopyTo(buffer);
        piece = piece[length..];
        return length;
    }

    /// <summary>The SHA-256 of all bytes.</summary>
    public static async Task<byte[]> HashAsync(IRead store, BodyUpload upload, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (upload.PayloadKey is { } key)
        {
            await foreach (var piece in store.ReadPayloadAsync(key, upload.Received, cancellationToken)) hash.AppendData(piece.Span);
        }

        return hash.GetHashAndReset();
    }

    /// <summary>Makes it the body of a request, in place of the request's own.</summary>
    public void Replace(HttpContext context, string contentType)
    {
        context.Request.Body = this;
        context.Features.Set<IRequestBodyPipeFeature>(this);
        context.Request.ContentType = contentType;
        context.Request.ContentLength = upload.Received;
    }

    public override async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        if (pieces is not null) await pieces.DisposeAsync();
        end.Dispose();
        await base.DisposeAsync();
    }
}
