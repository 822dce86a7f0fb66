using System.Runtime.Intrinsics;

namespace StashAI.Visage.Imaging;

/// <summary>Samples crops of a photo along an affine map, directly into the input tensor of a model.</summary>
internal static class CropSampler
{
    /// <summary>Writes three planes, red first or blue first, as (value - 127) / 128.</summary>
    public static void SampleColour(Photo photo, in Affine map, int width, int height, byte border, bool blueFirst, Span<float> planes)
    {
        var size = width * height;
        var first = planes[..size];
        var second = planes.Slice(size, size);
        var third = planes.Slice(2 * size, size);
        var reader = new CropReader(photo, map, border);
        var index = 0;
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++, index++)
            {
                var colour = (reader.At(x, y) - Vector128.Create(127f)) * (1 / 128f);
                first[index] = colour.GetElement(blueFirst ? 2 : 0);
                second[index] = colour.GetElement(1);
                third[index] = colour.GetElement(blueFirst ? 0 : 2);
            }
        }
    }

    /// <summary>Writes one plane of luminance as value / 256.</summary>
    public static void SampleGrey(Photo photo, in Affine map, int width, int height, byte border, Span<float> plane)
    {
        var weights = Vector128.Create(0.299f, 0.587f, 0.114f, 0) * (1 / 256f);
        var reader = new CropReader(photo, map, border);
        var index = 0;
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++, index++)
                plane[index] = Vector128.Dot(reader.At(x, y), weights);
        }
    }

    /// <summary>Writes opaque RGBA pixels, for a picture.</summary>
    public static void SamplePixels(Photo photo, in Affine map, int width, int height, byte border, Span<uint> pixels)
    {
        var reader = new CropReader(photo, map, border);
        var index = 0;
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++, index++)
            {
                var rounded = Vector128.ConvertToUInt32(reader.At(x, y) + Vector128.Create(0.5f));
                pixels[index] = rounded.GetElement(0) | (rounded.GetElement(1) << 8) | (rounded.GetElement(2) << 16) | 0xFF000000;
            }
        }
    }
}
