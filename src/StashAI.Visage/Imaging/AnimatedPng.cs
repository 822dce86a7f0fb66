using System.Buffers.Binary;
using SkiaSharp;
using StashAI.Hosting.Pictures;

namespace StashAI.Visage.Imaging;

/// <summary>
/// Decodes the frames of an animated PNG; Skia decodes only the first. Each frame is turned into a PNG of its own and drawn over the
/// previous ones.
/// </summary>
internal static class AnimatedPng
{
    /// <summary>The number of frames that the file declares; 1 for a still picture.</summary>
    public static int CountFrames(ReadOnlySpan<byte> file)
    {
        if (!PngChunks.IsPng(file))
            return 1;
        foreach (var chunk in new PngChunks(file))
        {
            if (chunk.Type.SequenceEqual("IDAT"u8))
                return 1;
            if (chunk.Type.SequenceEqual("acTL"u8) && chunk.Data.Length >= 8)
                return (int)Math.Clamp(BinaryPrimitives.ReadUInt32BigEndian(chunk.Data), 1, int.MaxValue);
        }

        return 1;
    }

    /// <summary>The picture at a frame, as premultiplied RGBA; null when the file does not have the frame.</summary>
    public static SKBitmap? Compose(ReadOnlySpan<byte> file, int width, int height, int wanted)
    {
        var canvas = new SKBitmap();
        if (!canvas.TryAllocPixels(
            new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul, SKColorSpace.CreateSrgb()),
            SKBitmapAllocFlags.ZeroPixels))
        {
            canvas.Dispose();
            return null;
        }

        var header = new List<byte[]>();
        var frames = 0;
        Frame? open = null;
        byte[] size = [];
        foreach (var chunk in new PngChunks(file))
        {
            if (chunk.Type.SequenceEqual("IHDR"u8))
            {
                size = chunk.Data.ToArray();
            }
            else if (chunk.Type.SequenceEqual("fcTL"u8))
            {
                if (open is not null && Draw(canvas, open, frames++ == wanted))
                    return canvas;
                open = Frame.Read(chunk.Data, size, header, width, height);
            }
            else if (chunk.Type.SequenceEqual("IDAT"u8))
            {
                open?.Data.AddRange(chunk.Data);
            }
            else if (chunk.Type.SequenceEqual("fdAT"u8) && chunk.Data.Length > 4)
            {
                open?.Data.AddRange(chunk.Data[4..]);
            }
            else if (open is null && !chunk.Type.SequenceEqual("acTL"u8))
            {
                // Palette, transparency and colour profile apply to all frames.
                var kept = new List<byte>();
                PngChunks.Write(kept, chunk.Type, chunk.Data);
                header.Add([.. kept]);
            }
        }

        if (open is not null && Draw(canvas, open, frames == wanted))
            return canvas;
        canvas.Dispose();
        return null;
    }

    /// <returns>True when this is the wanted frame; otherwise its area was cleared as the frame specifies.</returns>
    private static bool Draw(SKBitmap bitmap, Frame frame, bool isWanted)
    {
        using var canvas = new SKCanvas(bitmap);
        using var before = frame.Disposal == 2 && !isWanted ? bitmap.Copy() : null;
        var place = SKRect.Create(frame.X, frame.Y, frame.Width, frame.Height);
        using (var picture = SKBitmap.Decode([.. frame.ToPng()]))
        {
            if (picture is not null)
            {
                using var image = SKImage.FromBitmap(picture);
                using var paint = new SKPaint { BlendMode = frame.IsBlended ? SKBlendMode.SrcOver : SKBlendMode.Src };
                canvas.DrawImage(image, place, SKSamplingOptions.Default, paint);
            }
        }

        if (isWanted)
            return true;
        if (before is not null)
        {
            before.GetPixelSpan().CopyTo(bitmap.GetPixelSpan());
        }
        else if (frame.Disposal == 1)
        {
            using var clear = new SKPaint { BlendMode = SKBlendMode.Clear };
            canvas.DrawRect(place, clear);
        }

        return false;
    }

    private sealed class Frame
    {
        private byte[] size = [];
        private List<byte[]> header = [];

        public int X { get; private init; }

        public int Y { get; private init; }

        public int Width { get; private init; }

        public int Height { get; private init; }

        public byte Disposal { get; private init; }

        public bool IsBlended { get; private init; }

        public List<byte> Data { get; } = [];

        public static Frame? Read(ReadOnlySpan<byte> control, byte[] size, List<byte[]> header, int width, int height)
        {
            if (control.Length < 26 || size.Length < 13)
                return null;
            uint w = BinaryPrimitives.ReadUInt32BigEndian(control[4..]), h = BinaryPrimitives.ReadUInt32BigEndian(control[8..]);
            uint x = BinaryPrimitives.ReadUInt32BigEndian(control[12..]), y = BinaryPrimitives.ReadUInt32BigEndian(control[16..]);
            // A frame must lie within the picture, so it cannot exceed the pixel limit.
            if (w == 0 || h == 0 || (long)x + w > width || (long)y + h > height)
                return null;
            return new Frame
            {
                X = (int)x,
                Y = (int)y,
                Width = (int)w,
                Height = (int)h,
                Disposal = control[24],
                IsBlended = control[25] == 1,
                size = size,
                header = header,
            };
        }

        public List<byte> ToPng()
        {
            var file = new List<byte>(Data.Count + 200);
            PngChunks.WriteSignature(file);
            var header = (byte[])size.Clone();
            BinaryPrimitives.WriteInt32BigEndian(header, Width);
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Height);
            PngChunks.Write(file, "IHDR"u8, header);
            foreach (var chunk in this.header)
                file.AddRange(chunk);
            PngChunks.Write(file, "IDAT"u8, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(Data));
            PngChunks.Write(file, "IEND"u8, []);
            return file;
        }
    }
}
