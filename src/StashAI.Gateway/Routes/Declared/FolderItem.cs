using System.Text.Json;
using StashAI.Adapters.Http.Schemas;
using StashAI.Streams.Files;

namespace StashAI.Gateway.Routes.Declared;

/// <summary>
/// An item that stands for the files below a folder of the server: <c>{"folder": "/photos", "recursive": true, "types": ["jpg"]}</c>. Each
/// file becomes a task, called by its path below the folder.
/// </summary>
/// <param name="Path">The folder, with all links followed.</param>
/// <param name="Files">The files, by their paths below the folder, in order.</param>
internal sealed record FolderItem(string Path, IReadOnlyList<string> Files)
{
    private static readonly string[] Members = ["folder", "recursive", "types"];

    /// <summary>Reads the item and finds the files.</summary>
    /// <param name="value">An object with <c>folder</c>.</param>
    /// <param name="allowed">The folders whose files may be read.</param>
    /// <param name="usualTypes">The extensions that count unless the item names others; empty for all files.</param>
    /// <param name="most">The most files.</param>
    /// <returns>The folder; or the reason why there is none.</returns>
    public static (FolderItem? Folder, string? Reason) Read(
        JsonElement value, AllowedFolders allowed, IReadOnlyCollection<string> usualTypes, int most)
    {
        if (value.EnumerateObject().FirstOrDefault(member => !Members.Contains(member.Name)) is
            { Value.ValueKind: not JsonValueKind.Undefined } other)
        {
            return (null, $"has {Excerpt.Of(other.Name)} besides folder; send folder, and recursive or types where needed.");
        }

        if (value.TryGetProperty("recursive", out var recursive) && recursive.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            return (null, "has a recursive that is not true or false.");
        var types = usualTypes;
        if (value.TryGetProperty("types", out var given))
        {
            if (given.ValueKind != JsonValueKind.Array
                || given.EnumerateArray().Any(type => type.ValueKind != JsonValueKind.String
                    || type.GetString()!.Trim('.', '*').Length == 0))
            {
                return (null, """has types that are not a list of extensions, such as ["jpg", "png"].""");
            }

            types = [.. given.EnumerateArray().Select(type => type.GetString()!.TrimStart('*').TrimStart('.'))];
        }

        var name = value.GetProperty("folder").GetString()!;
        var (path, reason) = allowed.FindFolder(name);
        if (path is null) return (null, reason);
        var files = Find(path, recursive.ValueKind != JsonValueKind.False, types).Take(most + 1).ToList();
        if (files.Count > most) return (null, $"'{name}' has more than {most} files.");
        files.Sort(StringComparer.Ordinal);
        return files.Count > 0
            ? (new FolderItem(path, files), null)
            : (null, $"'{name}' has no files{(types.Count == 0 ? "" : $" of the types {Excerpt.List(types)}")}.");
    }

    private static IEnumerable<string> Find(string folder, bool isRecursive, IReadOnlyCollection<string> types)
    {
        return Directory.EnumerateFiles(folder, "*", FolderWalk.Options(isRecursive))
            .Where(file => types.Count == 0
                || types.Contains(System.IO.Path.GetExtension(file).TrimStart('.'), StringComparer.OrdinalIgnoreCase))
            .Select(file => System.IO.Path.GetRelativePath(folder, file).Replace('\\', '/'));
    }
}
