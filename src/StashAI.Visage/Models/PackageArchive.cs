using System.Formats.Tar;
using System.IO.Compression;
using StashAI.Streams.Files;

namespace StashAI.Visage.Models;

/// <summary>Extracts only the wanted files of a downloaded .tgz.</summary>
internal static class PackageArchive
{
    public static async Task ExtractAsync(
        string archive, IReadOnlyList<PinnedFile> wanted, string directory, CancellationToken cancellationToken)
    {
        var byPath = wanted.ToDictionary(file => file.PathInPackage, StringComparer.Ordinal);

        await using var compressed = RegularFile.OpenRead(archive);
        await using var plain = new GZipStream(compressed, CompressionMode.Decompress);
        await using var reader = new TarReader(plain);
        while (byPath.Count > 0 && await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            if (byPath.Remove(entry.Name, out var file))
                await entry.ExtractToFileAsync(Path.Combine(directory, file.Name), overwrite: true, cancellationToken);
        }
    }
}
