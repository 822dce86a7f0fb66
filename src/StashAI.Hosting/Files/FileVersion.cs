using System.Security.Cryptography;
using StashAI.Streams.Files;

namespace StashAI.Hosting.Files;

/// <summary>
/// What a file held when it was looked at. Links are followed: a mounted secret or a ConfigMap is a link to a link, whose own time and
/// length never change. The content decides, since a file may be replaced by one with the same time and length.
/// </summary>
/// <param name="Content">A hash of the content; null when there was no file that could be read.</param>
public readonly record struct FileVersion(string? Content)
{
    /// <summary>No file, or none that can be read.</summary>
    public static FileVersion None { get; }

    /// <summary>Looks at a file that is small enough to be read every few seconds.</summary>
    public static FileVersion Of(string path)
    {
        try
        {
            using var stream = RegularFile.OpenRead(path);
            return new FileVersion(Convert.ToHexString(SHA256.HashData(stream)));
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return None;
        }
    }
}
