using System.IO.Hashing;
using System.Security.Cryptography;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Storage.Payloads;

/// <summary>
/// Compares the bytes of a payload with what was stored, while they are read: by their XXH3 of 64 bits, which is many times as fast as
/// their SHA-256 and finds what a disk or a hand has damaged (docs/adr/0048), or by the SHA-256 where an older version stored nothing else.
/// </summary>
internal sealed class PayloadCheck : IDisposable
{
    private readonly PayloadPlace place;
    private readonly IncrementalHash? hash;
    private readonly XxHash3? checksum;

    public PayloadCheck(PayloadPlace place)
    {
        this.place = place;
        if (place.Checksum is null) hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        else if (place.Size > PayloadChunk.Size) checksum = new XxHash3();
    }

    /// <summary>Adds the next bytes.</summary>
    /// <param name="piece">The bytes.</param>
    /// <param name="isLast">True when there are no more.</param>
    /// <returns>False when these were the last, and the whole is not what was stored.</returns>
    public bool Add(ReadOnlySpan<byte> piece, bool isLast)
    {
        hash?.AppendData(piece);
        checksum?.Append(piece);
        if (!isLast) return true;
        if (hash is not null) return hash.GetHashAndReset().AsSpan().SequenceEqual(place.Sha256.Span);
        return place.Checksum == (long)(checksum?.GetCurrentHashAsUInt64() ?? XxHash3.HashToUInt64(piece));
    }

    public void Dispose() => hash?.Dispose();
}
