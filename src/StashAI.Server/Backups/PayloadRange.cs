using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace StashAI.Server.Backups;

/// <summary>Reads the bytes of one payload, and copies them to the same place of another file.</summary>
internal static class PayloadRange
{
    private const int BufferSize = 1024 * 1024;

    /// <summary>The SHA-256 of the bytes in hexadecimal digits; null when the file is too short.</summary>
    /// <param name="from">The file.</param>
    /// <param name="to">The file that gets the bytes too; null for none.</param>
    /// <param name="offset">Where they begin in both.</param>
    /// <param name="size">How many there are.</param>
    /// <param name="read">Is told of each piece that was read.</param>
    /// <param name="cancellationToken">Stops between two pieces.</param>
    public static async Task<string?> HashAsync(
        SafeFileHandle from, SafeFileHandle? to, long offset, long size, Action<long>? read, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[(int)Math.Min(size, BufferSize)];
        for (var done = 0L; done < size;)
        {
            var piece = buffer.AsMemory(0, (int)Math.Min(size - done, buffer.Length));
            var length = await RandomAccess.ReadAsync(from, piece, offset + done, cancellationToken);
            if (length == 0) return null;
            hash.AppendData(piece.Span[..length]);
            if (to is not null) await RandomAccess.WriteAsync(to, piece[..length], offset + done, cancellationToken);
            done += length;
            read?.Invoke(length);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
