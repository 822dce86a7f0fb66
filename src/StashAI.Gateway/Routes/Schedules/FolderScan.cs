using System.IO.Enumeration;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Schedules;
using StashAI.Streams.Files;

namespace StashAI.Gateway.Routes.Schedules;

/// <summary>The files of a folder for one run: all of them, or those that are new or changed.</summary>
/// <param name="Files">What to submit, by path.</param>
/// <param name="Forgotten">Paths that need not be remembered, because they are gone and too many are known.</param>
/// <param name="Remark">What was left out, for the history; null for nothing.</param>
internal sealed record FolderScan(IReadOnlyList<ScheduleFile> Files, IReadOnlyList<string> Forgotten, string? Remark)
{
    /// <summary>The most files in a folder.</summary>
    public const int MaxFiles = 200_000;

    /// <summary>The most files that a schedule remembers.</summary>
    public const int MaxKnown = 2 * MaxFiles;

    /// <param name="folder">The real path of the folder.</param>
    /// <param name="source">Which files are meant.</param>
    /// <param name="types">The endings that the service takes; null for any.</param>
    /// <param name="known">The files that were submitted before.</param>
    /// <param name="maxItems">The most items of a job.</param>
    /// <param name="maxNameBytes">The most bytes of all ids together.</param>
    /// <param name="maxFileBytes">The most bytes of a file.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="RequestException">The folder has too many files.</exception>
    public static FolderScan Read(
        string folder, FolderSource source, IReadOnlyList<string>? types, IReadOnlyList<ScheduleFile> known, int maxItems,
        long maxNameBytes, long maxFileBytes, CancellationToken cancellationToken)
    {
        var before = source.OnlyChanged ? known.ToDictionary(file => file.Path, StringComparer.Ordinal) : [];
        var found = Find(folder, source, types, cancellationToken);
        var fresh = found.Where(file => !before.TryGetValue(file.Path, out var old) || old != file).ToList();
        var (files, nameBytes, unusable, example) = (new List<ScheduleFile>(), 0L, 0, "");
        var isCut = false;
        foreach (var file in fresh)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (ReasonToLeaveOut(file, maxFileBytes) is { } reason)
            {
                if (unusable++ == 0) example = $"{file.Path} {reason}";
                continue;
            }

            nameBytes += 3 * (file.Path.Length - folder.Length) + 16;
            isCut = files.Count == maxItems || nameBytes > maxNameBytes;
            if (isCut) break;
            files.Add(file);
        }

        if (isCut && !source.OnlyChanged)
        {
            throw RequestException.Invalid(
                "source", $"the folder has more files than fit into a job ({files.Count}); use \"only\": \"changed\", which takes the rest "
                    + "in the next runs, or a schedule for each of its folders.");
        }

        string?[] remarks =
        [
            isCut ? "More files are left for the next run." : null,
            unusable > 0 ? $"{unusable} {(unusable == 1 ? "file was" : "files were")} left out: {example}." : null,
        ];
        var remark = string.Join(' ', remarks.Where(one => one is not null));
        return new FolderScan(
            files, before.Count + files.Count > MaxKnown ? Gone(before.Keys, found) : [], remark.Length > 0 ? remark : null);
    }

    /// <summary>The files by path.</summary>
    private static List<ScheduleFile> Find(
        string folder, FolderSource source, IReadOnlyList<string>? types, CancellationToken cancellationToken)
    {
        var endings = source.Extensions ?? types;
        var entries = new FileSystemEnumerable<ScheduleFile>(
            folder,
            (ref entry) => new ScheduleFile(entry.ToFullPath(), entry.Length, entry.LastWriteTimeUtc.UtcTicks),
            FolderWalk.Options(source.IsRecursive))
        {
            ShouldIncludePredicate = (ref entry) => !entry.IsDirectory && IsMeant(entry.FileName, endings),
        };
        var found = new List<ScheduleFile>();
        foreach (var file in entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (found.Count == MaxFiles)
            {
                throw RequestException.Invalid(
                    "source", $"the folder has more than {MaxFiles} files; use a schedule for each of its folders.");
            }

            found.Add(file);
        }

        found.Sort((one, other) => string.CompareOrdinal(one.Path, other.Path));
        return found;
    }

    private static bool IsMeant(ReadOnlySpan<char> name, IReadOnlyList<string>? endings)
    {
        if (endings is null) return true;
        foreach (var ending in endings)
        {
            if (name.Length > ending.Length + 1 && name[^(ending.Length + 1)] == '.'
                && name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>One unusable file must not keep a folder from being submitted.</summary>
    private static string? ReasonToLeaveOut(ScheduleFile file, long maxFileBytes)
    {
        if (file.Size == 0) return "is empty";
        if (file.Size > maxFileBytes) return $"has more than {maxFileBytes} bytes";
        try
        {
            using var opened = RegularFile.OpenRead(file.Path);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "cannot be read";
        }
    }

    private static List<string> Gone(IEnumerable<string> known, IReadOnlyList<ScheduleFile> found)
    {
        var there = found.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        return [.. known.Where(path => !there.Contains(path))];
    }
}
