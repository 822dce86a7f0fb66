using System.Security.Cryptography;
using StashAI.Streams.Files;

namespace StashAI.Visage.Models;

/// <summary>A file of a package with a fixed checksum: its name on disk, its path in the package, and its SHA-256 in lower case.</summary>
internal sealed record PinnedFile(string Name, string PathInPackage, string Sha256)
{
    public async Task<bool> IsValidInAsync(string directory, CancellationToken cancellationToken)
    {
        var path = Path.Combine(directory, Name);
        if (RegularFile.ReasonToRefuse(path) is not null)
            return false;

        await using var stream = RegularFile.OpenRead(path);
        var hash = await SHA256.HashDataAsync(stream, cancellationToken);
        return Convert.ToHexStringLower(hash) == Sha256;
    }
}
