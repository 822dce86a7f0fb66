using System.IO.Hashing;
using System.Security.Cryptography;

namespace StashAI.Storage.Payloads;

/// <summary>
/// The SHA-256 of a payload, which says that two are the same, and its checksum, which says quickly that the disk has not damaged it. They
/// are computed apart from the arrival of the bytes, chunk by chunk; most payloads are one chunk, which needs no state.
/// </summary>
internal sealed class PayloadSums : IDisposable
{
    private IncrementalHash? hash;
    private XxHash3? checksum;
    private int next;

    /// <summary>Null until the last chunk was added.</summary>
    public byte[]? Sha256 { get; private set; }

    /// <summary>The XXH3 of 64 bits; valid when <see cref="Sha256"/> is there.</summary>
    public long Checksum { get; private set; }

    /// <summary>Adds a chunk, unless it was added before: a commit may be tried again.</summary>
    public void Add(int sequence, ReadOnlySpan<byte> bytes, bool isLast)
    {
        if (sequence < next) return;
        next = sequence + 1;
        if (isLast && hash is null)
        {
            (Sha256, Checksum) = (SHA256.HashData(bytes), (long)XxHash3.HashToUInt64(bytes));
            return;
        }

        hash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        checksum ??= new XxHash3();
        hash.AppendData(bytes);
        checksum.Append(bytes);
        if (isLast) Complete();
    }

    /// <summary>There are no more chunks.</summary>
    public void Complete()
    {
        if (Sha256 is not null) return;
        Sha256 = hash?.GetHashAndReset() ?? SHA256.HashData([]);
        Checksum = (long)(checksum?.GetCurrentHashAsUInt64() ?? XxHash3.HashToUInt64([]));
        // A thousand tasks may wait for their transaction, and a hash has native memory.
        Dispose();
    }

    public void Dispose()
    {
        hash?.Dispose();
        (hash, checksum) = (null, null);
    }
}

/// <summary>Bytes that are still to be added to the sums of their payload.</summary>
internal readonly record struct UnsummedChunk(PayloadSums Sums, int Sequence, ReadOnlyMemory<byte> Bytes, bool IsLast)
{
    public void Add() => Sums.Add(Sequence, Bytes.Span, IsLast);
}
