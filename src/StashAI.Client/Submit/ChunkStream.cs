using System.Buffers;
using StashAI.Client.Models;

namespace StashAI.Client.Submit;

/// <summary>Sends what is written as chunks of an upload. What the server has already is passed over.</summary>
/// <param name="upload">The upload as the server has it.</param>
/// <param name="sendAsync">Sends a chunk from an offset; false when the upload takes no more, because it is a job already.</param>
internal sealed class ChunkStream(WireUpload upload, Func<long, ReadOnlyMemory<byte>, CancellationToken, Task<bool>> sendAsync)
    : WriteOnlyStream
{
    private readonly byte[] chunk = ArrayPool<byte>.Shared.Rent(upload.ChunkBytes);
    private long position;
    private int used;
    private bool isOver = upload.JobId is not null;

    public Guid Id => upload.Id;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var known = (int)Math.Clamp(upload.Offset - position, 0, buffer.Length);
            (position, buffer) = (position + known, buffer[known..]);
            var length = Math.Min(buffer.Length, upload.ChunkBytes - used);
            buffer[..length].CopyTo(chunk.AsMemory(used));
            (position, used, buffer) = (position + length, used + length, buffer[length..]);
            if (used == upload.ChunkBytes) await EndAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Sends what is left.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        if (used > 0 && !isOver)
            isOver = !await sendAsync(position - used, chunk.AsMemory(0, used), cancellationToken).ConfigureAwait(false);
        used = 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) ArrayPool<byte>.Shared.Return(chunk);
        base.Dispose(disposing);
    }
}
