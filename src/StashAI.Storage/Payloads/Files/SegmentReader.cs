using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using StashAI.Queue.Store;

namespace StashAI.Storage.Payloads.Files;

/// <summary>Reads a payload from its file. While a piece is used, at most the next one is read.</summary>
internal static class SegmentReader
{
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        SegmentDisk disk, PayloadPlace place, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var file = Open(disk, place);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var size = (int)Math.Min(place.Size, PayloadChunk.Size);
        var buffers = new[] { ArrayPool<byte>.Shared.Rent(size), place.Size > size ? ArrayPool<byte>.Shared.Rent(size) : [] };
        var next = FillAsync(disk, place, file, 0, buffers[0], cancellationToken);
        try
        {
            for (var (sequence, left) = (0, place.Size); left > 0; sequence++)
            {
                var piece = buffers[sequence % 2].AsMemory(0, await next);
                left -= piece.Length;
                if (left > 0) next = FillAsync(disk, place, file, sequence + 1, buffers[(sequence + 1) % 2], cancellationToken);
                hash.AppendData(piece.Span);
                // Nobody gets the whole of it before it is certain to be what was stored.
                if (left == 0 && !hash.GetHashAndReset().AsSpan().SequenceEqual(place.Sha256)) throw Altered(disk, place);
                yield return piece;
            }
        }
        finally
        {
            // A read that is under way still writes into its buffer.
            await next.ContinueWith(
                static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            foreach (var buffer in buffers.Where(buffer => buffer.Length > 0)) ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads one piece; null past the end.</summary>
    public static async Task<int?> ReadPieceAsync(
        SegmentDisk disk, PayloadPlace place, int sequence, Memory<byte> destination, CancellationToken cancellationToken)
    {
        if ((long)sequence * PayloadChunk.Size >= place.Size) return null;
        using var file = Open(disk, place);
        return await FillAsync(disk, place, file, sequence, destination, cancellationToken);
    }

    private static async Task<int> FillAsync(
        SegmentDisk disk, PayloadPlace place, SafeFileHandle file, int sequence, Memory<byte> destination,
        CancellationToken cancellationToken)
    {
        var start = (long)sequence * PayloadChunk.Size;
        var length = (int)Math.Min(place.Size - start, PayloadChunk.Size);
        for (var filled = 0; filled < length;)
        {
            var read = await ReadAsync(disk, place, file, destination[filled..length], start + filled, cancellationToken);
            if (read == 0) throw Lost(disk, place, "is shorter than it was");
            filled += read;
        }

        return length;
    }

    private static async ValueTask<int> ReadAsync(
        SegmentDisk disk, PayloadPlace place, SafeFileHandle file, Memory<byte> destination, long start,
        CancellationToken cancellationToken)
    {
        try
        {
            return await RandomAccess.ReadAsync(file, destination, place.Offset + start, cancellationToken);
        }
        catch (IOException exception)
        {
            throw Unreadable(disk.PathOf(place.File), exception);
        }
    }

    private static SafeFileHandle Open(SegmentDisk disk, PayloadPlace place)
    {
        try
        {
            return disk.OpenRead(place.File);
        }
        catch (FileNotFoundException exception)
        {
            throw Lost(disk, place, "is missing", exception);
        }
        catch (DirectoryNotFoundException exception)
        {
            // Perhaps the disk is not mounted yet, so that it is tried again.
            throw new PayloadFileException(
                $"{disk.PathOf(place.File)} cannot be read because {disk.Folder} is missing: mount it, or put it back from a backup.",
                isDiskFull: false,
                exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(disk.PathOf(place.File), exception);
        }
    }

    private static PayloadFileException Unreadable(string path, Exception exception) => new(
        $"{path} cannot be read ({exception.Message.TrimEnd('.')}): check the file and its disk.", isDiskFull: false, exception);

    private static PayloadLostException Altered(SegmentDisk disk, PayloadPlace place) => Lost(
        disk, place, $"was altered: bytes {place.Offset} to {place.Offset + place.Size} are not those that were stored");

    private static PayloadLostException Lost(SegmentDisk disk, PayloadPlace place, string what, Exception? inner = null) =>
        new($"{disk.PathOf(place.File)} {what}: put the file back from a backup, or submit the item again.", inner);
}
