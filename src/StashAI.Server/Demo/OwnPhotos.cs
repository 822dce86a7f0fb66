using StashAI.Server.Exits;

namespace StashAI.Server.Demo;

/// <summary>Reads the user's own photos, and a folder for each person.</summary>
internal static class OwnPhotos
{
    /// <exception cref="StartException">No person or no photo is left to work with.</exception>
    public static DemoInput Read(string photosDirectory, string peopleDirectory)
    {
        var skipped = new List<SkippedPhoto>();
        var people = new List<PersonToEnrol>();
        foreach (var folder in Directory.EnumerateDirectories(peopleDirectory).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(folder);
            if (name.StartsWith('.'))
            {
                continue;
            }
            var usable = Usable(folder, name, skipped);
            if (usable.Count > 0)
            {
                people.Add(new PersonToEnrol(name, usable, null));
            }
            else
            {
                skipped.Add(new SkippedPhoto(name, "the folder of this person has no usable photo"));
            }
        }
        if (people.Count == 0)
        {
            throw new StartException(
                $"{peopleDirectory} has no folder with a usable photo: create a folder per person, named after them, with photos inside.");
        }
        var photos = Usable(photosDirectory, "", skipped);
        return photos.Count > 0
            ? new DemoInput(people, photos, skipped)
            : throw new StartException($"{photosDirectory} has no photo that can be used{FirstReason(skipped)}.");
    }

    private static List<DemoPhoto> Usable(string folder, string prefix, List<SkippedPhoto> skipped)
    {
        var found = new List<DemoPhoto>();
        var files = new DirectoryInfo(folder).EnumerateFiles("*", new EnumerationOptions
        {
            RecurseSubdirectories = true,
            IgnoreInaccessible = true,
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
        });
        foreach (var path in files.Select(file => file.FullName).Order(StringComparer.Ordinal))
        {
            var name = Path.Combine(prefix, Path.GetRelativePath(folder, path));
            var (photo, reason) = PhotoFile.Inspect(path, name);
            if (photo is not null)
            {
                found.Add(photo);
            }
            else
            {
                skipped.Add(new SkippedPhoto(name, reason!));
            }
        }
        return found;
    }

    private static string FirstReason(List<SkippedPhoto> skipped) =>
        skipped.Count > 0 ? $" ({skipped[^1].Name}: {skipped[^1].Reason})" : "";
}
