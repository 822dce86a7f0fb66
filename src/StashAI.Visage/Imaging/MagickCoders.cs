using System.Globalization;
using ImageMagick;
using ImageMagick.Configuration;

namespace StashAI.Visage.Imaging;

/// <summary>
/// Sets ImageMagick up so that it decodes four formats from memory and does nothing else, and reads pictures with it. Its settings belong
/// to the process, not to an object.
/// </summary>
internal static class MagickCoders
{
    /// <summary>ImageMagick has at most eight bytes for a pixel; and decoders need room for their own tables.</summary>
    private const int BytesPerPixel = 8;
    private const ulong SpareMemory = 64 << 20;
    private const ulong LongestSide = 262_144;
    private const ulong LargestProfile = 4 << 20;

    /// <summary>The prefix of the folder that each process has for itself; its number follows.</summary>
    private const string FolderPrefix = "stashai-decoding-";

    /// <summary>
    /// No delegates, no filters, no reading of files that a picture names; and the modules and coders of four formats only.
    /// Rules for paths do not help: a rule that forbids all cannot be lifted for one folder.
    /// </summary>
    private const string Policy =
        """
        <policymap>
          <policy domain="delegate" rights="none" pattern="*" />
          <policy domain="filter" rights="none" pattern="*" />
          <policy domain="path" rights="none" pattern="@*" />
          <policy domain="path" rights="none" pattern="|*" />
          <policy domain="module" rights="none" pattern="*" />
          <policy domain="module" rights="read | write" pattern="{HEIC,JXL,TIFF,JPEG}" />
          <policy domain="coder" rights="none" pattern="*" />
          <policy domain="coder" rights="read" pattern="{HEIC,AVIF,JXL,TIFF,JPEG}" />
        </policymap>
        """;

    private static readonly Lock Gate = new();

    /// <summary>Made at the first picture, so that a service that never gets one needs neither the folder nor the library.</summary>
    private static readonly Lazy<string> Folder = new(Prepare);

    /// <summary>Reads the first picture of a file.</summary>
    /// <param name="file">The bytes.</param>
    /// <param name="format">What they are. Nothing is guessed, and no coder but this one is asked.</param>
    /// <param name="maxPixels">The largest picture.</param>
    /// <param name="isDamaged">Whether something is missing or wrong in the file.</param>
    /// <exception cref="PhotoRefusedException">Nothing of it can be decoded.</exception>
    public static MagickImage Read(ReadOnlySpan<byte> file, MagickFormat format, long maxPixels, out bool isDamaged)
    {
        _ = Folder.Value;
        Allow(maxPixels);
        var image = new MagickImage();
        var hasWarnings = false;
        image.Warning += (_, warning) => hasWarnings |= warning.Exception is MagickCorruptImageWarningException
            || (format == MagickFormat.Jpeg && warning.Exception is MagickCoderWarningException);
        try
        {
            image.Read(file, Settings(format));
            isDamaged = hasWarnings;
            return image;
        }
        catch (MagickException exception)
        {
            image.Dispose();
            throw new PhotoRefusedException(PhotoRefusal.NotAPicture, $"cannot be decoded: {Reason(exception)}");
        }
    }

    private static MagickReadSettings Settings(MagickFormat format)
    {
        var settings = new MagickReadSettings { Format = format, FrameIndex = 0, FrameCount = 1 };
        // Photoshop keeps its layers in a TIFF file; they would be read by another coder.
        settings.SetDefine("tiff:ignore-layers", "true");
        settings.SetDefine("profile:skip", "exif,xmp,iptc,8bim");
        return settings;
    }

    /// <summary>The message without ImageMagick's names of files and of its own functions.</summary>
    private static string Reason(MagickException exception)
    {
        var message = exception.Message;
        foreach (var end in new[] { " `", " @ " })
        {
            var at = message.IndexOf(end, StringComparison.Ordinal);
            if (at > 0)
                message = message[..at];
        }

        return message.TrimEnd('.', ' ');
    }

    /// <summary>
    /// Raises the limits to what a service allows. Time has no limit here: ImageMagick counts it from the start of the process, and ends
    /// the process when it is over. The pixels limit it instead.
    /// </summary>
    private static void Allow(long maxPixels)
    {
        var pixels = (ulong)maxPixels;
        lock (Gate)
        {
            if (ResourceLimits.Area >= pixels)
                return;
            ResourceLimits.Area = pixels;
            ResourceLimits.MaxMemoryRequest = (pixels * BytesPerPixel) + SpareMemory;
            ResourceLimits.Memory = ((pixels * BytesPerPixel) + SpareMemory) * (ulong)Math.Max(16, 4 * Environment.ProcessorCount);
        }
    }

    private static string Prepare()
    {
        RemoveFoldersOfDeadProcesses();
        var prefix = string.Create(CultureInfo.InvariantCulture, $"{FolderPrefix}{Environment.ProcessId}-");
        var folder = Directory.CreateTempSubdirectory(prefix);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Remove(folder.FullName);
        var files = ConfigurationFiles.Default;
        files.Policy.Data = Policy;
        MagickNET.Initialize(files, folder.CreateSubdirectory("settings").FullName);
        // The HEIC decoder reads files only: ImageMagick writes the bytes to a file that it removes afterwards.
        MagickNET.SetTempDirectory(folder.FullName);
        ResourceLimits.Area = 0;
        ResourceLimits.Disk = 0;
        ResourceLimits.Thread = 1;
        ResourceLimits.Width = LongestSide;
        ResourceLimits.Height = LongestSide;
        ResourceLimits.ListLength = 16;
        ResourceLimits.MaxProfileSize = LargestProfile;
        return folder.FullName;
    }

    /// <summary>A process that was killed left its folder, and perhaps a photo in it.</summary>
    private static void RemoveFoldersOfDeadProcesses()
    {
        foreach (var folder in Directory.EnumerateDirectories(Path.GetTempPath(), FolderPrefix + "*"))
        {
            var number = Path.GetFileName(folder)[FolderPrefix.Length..].Split('-')[0];
            if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && !IsRunning(id))
                Remove(folder);
        }
    }

    private static bool IsRunning(int id)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(id);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It belongs to another user, or somebody else is removing it.
        }
    }
}
