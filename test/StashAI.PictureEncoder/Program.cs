// Encodes a photo in other formats, for tests: StashAI.PictureEncoder INPUT FORM=OUTPUT...
// A process of its own, because the one that runs the tests forbids ImageMagick to write pictures, as the service does.
using ImageMagick;

foreach (var argument in args[1..])
{
    var separator = argument.IndexOf('=');
    if (separator < 0) throw new ArgumentException($"'{argument}' is not FORM=OUTPUT.");
    var (name, output) = (argument[..separator], argument[(separator + 1)..]);
    using var image = new MagickImage(args[0]);
    using var images = new MagickImageCollection { image };
    image.Strip();
    image.Quality = 90;
    var form = name;
    if (name.StartsWith("small-", StringComparison.Ordinal))
    {
        image.Resize(480, 480);
        form = name["small-".Length..];
    }

    switch (form)
    {
        case "avif":
            image.Settings.SetDefine("heic:speed", "9");
            Write(MagickFormat.Avif);
            break;
        case "jxl":
            image.Settings.SetDefine("jxl:effort", "3");
            Write(MagickFormat.Jxl);
            break;
        case "turned-jxl":
            image.Settings.SetDefine("jxl:effort", "3");
            Turn();
            Write(MagickFormat.Jxl);
            break;
        case "tiff":
            image.Settings.Compression = CompressionMethod.LZW;
            Write(MagickFormat.Tiff);
            break;
        case "jpeg-tiff":
            image.Settings.Compression = CompressionMethod.JPEG;
            Write(MagickFormat.Tiff);
            break;
        case "turned-tiff":
            Turn();
            Write(MagickFormat.Tiff);
            break;
        case "grey-tiff":
            image.ColorSpace = ColorSpace.Gray;
            Write(MagickFormat.Tiff);
            break;
        case "cmyk-tiff":
            image.ColorSpace = ColorSpace.CMYK;
            Write(MagickFormat.Tiff);
            break;
        case "cmyk-jpeg":
            image.ColorSpace = ColorSpace.CMYK;
            Write(MagickFormat.Jpeg);
            break;
        case "jpeg":
            Write(MagickFormat.Jpeg);
            break;
        case "pages-tiff":
            images.Add(new MagickImage(MagickColors.Gray, 64, 64));
            Write(MagickFormat.Tiff);
            break;
        default:
            throw new ArgumentException($"'{form}' is not a form of picture.");
    }

    // As a camera that was held upright stores it: the pixels are turned back, and the file says how to turn them.
    void Turn()
    {
        image.Rotate(-90);
        image.Orientation = Orientation.RightTop;
    }

    // First to another name, so that a test that was ended leaves no half file.
    void Write(MagickFormat format)
    {
        var unfinished = $"{output}.{Environment.ProcessId}";
        images.Write(unfinished, format);
        File.Move(unfinished, output, overwrite: true);
    }
}
