using System.Buffers.Binary;
using SkiaSharp;

namespace StashAI.Visage.Tests.Imaging;

/// <summary>Creates pictures in memory.</summary>
internal static class TestPictures
{
    public static readonly SKColor Red = new(200, 30, 30), Green = new(30, 200, 30), Blue = new(30, 30, 200), White = new(240, 240, 240);

    /// <summary>64 x 32 pixels: red and green above, blue and white below.</summary>
    public static SKBitmap Quadrants()
    {
        var bitmap = new SKBitmap(64, 32, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var canvas = new SKCanvas(bitmap);
        (SKColor Colour, int X, int Y)[] parts = [(Red, 0, 0), (Green, 32, 0), (Blue, 0, 16), (White, 32, 16)];
        foreach (var (colour, x, y) in parts)
        {
            using var paint = new SKPaint { Color = colour };
            canvas.DrawRect(x, y, 32, 16, paint);
        }

        return bitmap;
    }

    public static byte[] Encode(SKBitmap bitmap, SKEncodedImageFormat format = SKEncodedImageFormat.Jpeg, int quality = 95)
    {
        using var data = bitmap.Encode(format, quality);
        return data.ToArray();
    }

    public static byte[] Landscape()
    {
        using var bitmap = new SKBitmap(640, 480, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var canvas = new SKCanvas(bitmap);
        using var sky = SKShader.CreateLinearGradient(
            new(0, 0), new(0, 480), [SKColors.SkyBlue, SKColors.Beige, SKColors.DarkGreen], SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = sky };
        canvas.DrawPaint(paint);
        return Encode(bitmap);
    }

    /// <summary>Inserts an EXIF segment that contains only the orientation after the JPEG's first marker.</summary>
    public static byte[] WithOrientation(byte[] jpeg, byte orientation)
    {
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, (byte)'E', (byte)'x', (byte)'i', (byte)'f', 0, 0,
            (byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0,
        ];
        return [.. jpeg[..2], .. exif, .. jpeg[2..]];
    }

    /// <summary>A PNG whose header declares this size, but which has almost no data.</summary>
    public static byte[] PngHeader(int width, int height)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        return [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, .. Chunk("IHDR"u8, header),
            .. Chunk("IDAT"u8, [0x78, 0x9C, 0x03, 0, 0, 0, 0, 1]), .. Chunk("IEND"u8, [])];
    }

    /// <summary>Inserts a chunk after the header of a PNG.</summary>
    public static byte[] WithChunk(byte[] png, ReadOnlySpan<byte> type, byte[] data) => [.. png[..33], .. Chunk(type, data), .. png[33..]];

    /// <summary>EXIF data that contains only the orientation, in either byte order.</summary>
    public static byte[] Exif(byte orientation, bool isBig) => isBig
        ? [(byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
        : [(byte)'I', (byte)'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>An animated PNG of frames of one size.</summary>
    public static byte[] AnimatedPng(params SKBitmap[] frames)
    {
        var first = Encode(frames[0], SKEncodedImageFormat.Png);
        var file = new List<byte>(first[..33]);
        byte[] Number(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
        file.AddRange(Chunk("acTL"u8, [.. Number(frames.Length), .. Number(0)]));
        var sequence = 0;
        foreach (var (i, frame) in frames.Index())
        {
            file.AddRange(Chunk(
                "fcTL"u8,
                [.. Number(sequence++), .. Number(frame.Width), .. Number(frame.Height), .. Number(0), .. Number(0), 0, 1, 0, 10, 0, 0]));
            var png = Encode(frame, SKEncodedImageFormat.Png);
            for (var at = 8; at < png.Length; at += 12 + BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at)))
            {
                if (!png.AsSpan(at + 4, 4).SequenceEqual("IDAT"u8)) continue;
                var data = png.AsSpan(at + 8, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at))).ToArray();
                file.AddRange(i == 0 ? Chunk("IDAT"u8, data) : Chunk("fdAT"u8, [.. Number(sequence++), .. data]));
            }
        }

        file.AddRange(Chunk("IEND"u8, []));
        return [.. file];
    }

    /// <summary>An animated WebP of frames of one size.</summary>
    public static byte[] AnimatedWebp(params SKBitmap[] frames)
    {
        byte[] Number(int value, int bytes) => [.. Enumerable.Range(0, bytes).Select(i => (byte)(value >> (8 * i)))];
        byte[] Riff(ReadOnlySpan<byte> type, byte[] data) => [.. type, .. Number(data.Length, 4), .. data, .. new byte[data.Length & 1]];
        var size = (byte[])[.. Number(frames[0].Width - 1, 3), .. Number(frames[0].Height - 1, 3)];
        var body = new List<byte>();
        body.AddRange("WEBP"u8);
        body.AddRange(Riff("VP8X"u8, [2, 0, 0, 0, .. size]));
        body.AddRange(Riff("ANIM"u8, [0, 0, 0, 0, 0, 0]));
        foreach (var frame in frames)
        {
            body.AddRange(
                Riff("ANMF"u8, [0, 0, 0, 0, 0, 0, .. size, .. Number(100, 3), 2, .. Pixels(Encode(frame, SKEncodedImageFormat.Webp, 90))]));
        }

        return Riff("RIFF"u8, [.. body]);

        // Skip the colour profile that an encoder may add: a frame must not contain it.
        static byte[] Pixels(byte[] webp)
        {
            for (var at = 12; at < webp.Length;)
            {
                var length = 8 + ((BinaryPrimitives.ReadInt32LittleEndian(webp.AsSpan(at + 4)) + 1) & ~1);
                if (webp.AsSpan(at, 3).SequenceEqual("VP8"u8) && webp[at + 3] != 'X') return webp[at..(at + length)];
                at += length;
            }

            throw new InvalidOperationException("The WebP file has no pixels.");
        }
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
        }

        return ~crc;
    }
}
