using System.Buffers;
using StashAI.Queue.Model;
using StashAI.Queue.Store;

namespace StashAI.Server.Api.Previews;

/// <summary>Makes previews of stored photos. Nothing is kept, and so many at once that their memory is bounded.</summary>
internal sealed class PreviewReader(IRead store) : IDisposable
{
    /// <summary>A larger file has no preview.</summary>
    private const long MaxBytes = 64L * 1024 * 1024;

    private readonly SemaphoreSlim turns = new(2);

    /// <summary>The preview as JPEG; null when there can be none.</summary>
    public async Task<byte[]?> ReadAsync(PayloadRef payload, CancellationToken cancellationToken)
    {
        if (payload.Size is < 1 or > MaxBytes) return null;
        await turns.WaitAsync(cancellationToken);
        var file = ArrayPool<byte>.Shared.Rent((int)payload.Size);
        try
        {
            var length = 0;
            await foreach (var piece in store.ReadPayloadAsync(payload.Key, payload.Size, cancellationToken))
            {
                piece.CopyTo(file.AsMemory(length));
                length += piece.Length;
            }

            return await Task.Run(() => PreviewEncoder.Encode(file, length), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(file);
            turns.Release();
        }
    }

    public void Dispose() => turns.Dispose();
}
