using System.Buffers;
using Amazon.S3.Model;
using StashAI.Storage.Payloads.Segments;

namespace StashAI.Storage.Payloads.Objects;

/// <summary>
/// An object that an upload writes: one part of it is in memory. A part is sent when more bytes come behind it, so that a small object is
/// one request, and a large one an upload in parts. Until it is complete, nobody sees it.
/// </summary>
internal sealed class ObjectSink(SegmentBucket bucket, string segment) : ISegmentSink
{
    private const int FirstBuffer = 1024 * 1024;

    private readonly List<PartETag> parts = [];
    private byte[] buffer = [];
    private int used;
    private long sent;
    private string? upload;
    private bool mayBeStored;

    public bool IsComplete { get; private set; }

    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (used == bucket.PartSize) await SendPartAsync();
            var length = Math.Min(bytes.Length, bucket.PartSize - used);
            Reserve(used + length);
            bytes[..length].CopyTo(buffer.AsMemory(used));
            used += length;
            bytes = bytes[length..];
        }
    }

    public async Task FlushAsync()
    {
        if (IsComplete) return;
        if (upload is null)
        {
            mayBeStored = true;
            await bucket.PutAsync(segment, buffer.AsMemory(0, used));
        }
        else
        {
            if (used > 0) await SendPartAsync();
            mayBeStored = true;
            await bucket.CompleteAsync(segment, upload, parts, sent);
        }

        IsComplete = true;
        Dispose();
    }

    public async Task DiscardAsync()
    {
        Dispose();
        // A request whose answer was lost may have done its work.
        if (upload is not null && !IsComplete) await bucket.AbortAsync(segment, upload);
        if (mayBeStored) await bucket.DeleteAsync(segment, isBroken: false);
    }

    public void Dispose()
    {
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        (buffer, used) = ([], 0);
    }

    private async Task SendPartAsync()
    {
        upload ??= await bucket.BeginAsync(segment);
        parts.Add(await bucket.PutPartAsync(segment, upload, parts.Count + 1, buffer.AsMemory(0, used)));
        sent += used;
        used = 0;
    }

    /// <summary>Most uploads are much smaller than a part.</summary>
    private void Reserve(int length)
    {
        if (length <= buffer.Length) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(bucket.PartSize, Math.Max(length, Math.Max(FirstBuffer, 2 * buffer.Length))));
        buffer.AsSpan(0, used).CopyTo(larger);
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
