using System.Security.Cryptography;

namespace StashAI.Client.Submit;

/// <summary>Measures a body without sending it, and holds a small one.</summary>
/// <param name="limit">Up to so many bytes stay in memory; more must be worth the work.</param>
/// <param name="isWorthIt">Asked once, at the limit.</param>
internal sealed class MeasuringStream(int limit, Func<CancellationToken, Task<bool>> isWorthIt) : WriteOnlyStream
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    private readonly MemoryStream held = new();

    /// <summary>A body that is not larger than the limit.</summary>
    public ReadOnlyMemory<byte> Held => held.GetBuffer().AsMemory(0, (int)held.Length);

    /// <summary>The bytes of the body.</summary>
    public long Size { get; private set; }

    /// <summary>The SHA-256 of the body.</summary>
    public byte[] Sha256() => hash.GetCurrentHash();

    /// <summary>Reads a body to its end; false if it is not worth it, which is found at the limit.</summary>
    public async Task<bool> TryReadAsync(ItemContent body, CancellationToken cancellationToken)
    {
        using (body)
        {
            try
            {
                await body.CopyAsync(this, cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (NotWorthItException)
            {
                return false;
            }
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var isBelow = Size <= limit;
        hash.AppendData(buffer.Span);
        Size += buffer.Length;
        if (Size <= limit) held.Write(buffer.Span);
        if (isBelow && Size > limit && !await isWorthIt(cancellationToken).ConfigureAwait(false)) throw new NotWorthItException();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            hash.Dispose();
            held.Dispose();
        }

        base.Dispose(disposing);
    }

    private sealed class NotWorthItException : Exception;
}
