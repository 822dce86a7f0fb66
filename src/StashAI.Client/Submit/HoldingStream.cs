using System.Security.Cryptography;
using StashAI.Client.Models;

namespace StashAI.Client.Submit;

/// <summary>Holds a body that can be made only once: a small one in memory, a large one as an upload.</summary>
/// <param name="limit">Up to so many bytes stay in memory.</param>
/// <param name="upload">Takes what is larger.</param>
internal sealed class HoldingStream(int limit, ChunkedUpload upload) : WriteOnlyStream
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly MemoryStream held = new();
    private ChunkStream? chunks;

    /// <summary>A body that is in memory.</summary>
    public ReadOnlyMemory<byte> Held => held.GetBuffer().AsMemory(0, (int)held.Length);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        hash.AppendData(buffer.Span);
        if (chunks is null && held.Length + buffer.Length <= limit)
        {
            held.Write(buffer.Span);
            return;
        }

        if (chunks is null)
        {
            chunks = await upload.OpenAsync(cancellationToken).ConfigureAwait(false);
            await chunks.WriteAsync(Held, cancellationToken).ConfigureAwait(false);
            held.SetLength(0);
        }

        await chunks.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a job of a body that was sent; null for one that is in memory.</summary>
    public async Task<Submission?> TryCommitAsync(CancellationToken cancellationToken)
    {
        if (chunks is null) return null;
        await chunks.EndAsync(cancellationToken).ConfigureAwait(false);
        return await upload.CommitAsync(chunks.Id, hash.GetCurrentHash(), cancellationToken).ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            hash.Dispose();
            held.Dispose();
            chunks?.Dispose();
        }

        base.Dispose(disposing);
    }
}
