using System.IO.Compression;

namespace StashAI.Gateway.Tests.Codings;

/// <summary>Codes bytes as a client or a service would.</summary>
internal static class Coded
{
    public static byte[] By(string coding, ReadOnlySpan<byte> body, CompressionLevel level = CompressionLevel.Optimal)
    {
        if (coding == "identity") return body.ToArray();
        if (body.IsEmpty && coding != "br") return Empty(coding);
        using var coded = new MemoryStream();
        using (Stream stream = coding.ToLowerInvariant() switch
        {
            "gzip" or "x-gzip" => new GZipStream(coded, level, leaveOpen: true),
            "deflate" => new ZLibStream(coded, level, leaveOpen: true),
            "raw deflate" => new DeflateStream(coded, level, leaveOpen: true),
            _ => new BrotliStream(coded, level, leaveOpen: true),
        })
        {
            stream.Write(body);
        }

        return coded.ToArray();
    }

    /// <summary>A gzip member with every part of the header that there is.</summary>
    public static byte[] FullMember(ReadOnlySpan<byte> body)
    {
        var plain = By("gzip", body);
        return
        [
            0x1F, 0x8B, 8, 0b1_1111, .. plain.AsSpan(4, 6), 5, 0, 1, 0, 0, 0x1F, 0x8B, (byte)'n', 0, (byte)'c', (byte)'o', 0, 9, 9,
            .. plain.AsSpan(10),
        ];
    }

    /// <summary>The framework's streams write nothing at all when nothing is written to them.</summary>
    private static byte[] Empty(string coding) => coding.ToLowerInvariant() switch
    {
        "gzip" or "x-gzip" => [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        "deflate" => [0x78, 0x9C, 3, 0, 0, 0, 0, 1],
        _ => [3, 0],
    };
}
