using StashAI.Visage.Gallery;
using StashAI.Visage.Gallery.Postgres;
using StashAI.Visage.Gallery.Sqlite;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Hosting;

/// <summary>
/// Copies the people of the file <c>visage.db</c> into a gallery in PostgreSQL that nobody has changed yet, with their ids, because results
/// name people by them. The file stays as it is.
/// </summary>
internal sealed partial class GalleryTakeover(IGalleryStore store, VisageOptions options, ILogger<GalleryTakeover> logger)
{
    /// <summary>The version of a gallery that has never had a person.</summary>
    private const long NewGallery = 1;

    /// <exception cref="InvalidOperationException">The people must be copied, but another process uses the file.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(Path.Combine(options.DataDirectory, SqliteGalleryStore.FileName));
        if (store is not PostgresGalleryStore shared || !File.Exists(path))
            return;
        if (await shared.ReadVersionAsync(cancellationToken) > NewGallery || !await CopyAsync(shared, path, cancellationToken))
            LogUnused(shared.Name, path);
    }

    /// <returns>False when another process has changed the gallery meanwhile.</returns>
    private async Task<bool> CopyAsync(PostgresGalleryStore shared, string path, CancellationToken cancellationToken)
    {
        await using var change = await shared.BeginLongAsync(cancellationToken);
        if (change.Version > NewGallery)
            return false;
        using var file = new SqliteGalleryStore(options.DataDirectory);
        await file.OpenAsync(cancellationToken);
        var people = new PeopleList();
        var version = await file.ReadChangesAsync(0, people, cancellationToken);
        if (people.Found.Count == 0)
            return true;

        var faces = 0;
        var names = new HashSet<string>(StringComparer.Ordinal);
        // Results say which version judged them.
        change.ContinueAfter(version);
        foreach (var person in people.Found)
        {
            var name = NameKey.Of(person.Name);
            // Galleries of earlier versions may contain one name in two spellings.
            if (!names.Add(name))
                name = $"{name}\n{person.Key}";
            var (key, added) = await change.InsertPersonAsync(
                person, name, await file.ReadGalleryFacesAsync(person.Key, cancellationToken), cancellationToken);
            faces += added.Count;
            if (await file.ReadRejectionsAsync(person.Key, cancellationToken) is { Count: > 0 } rejections)
                await change.InsertRejectionsAsync(person with { Key = key }, rejections, cancellationToken);
        }

        await change.CommitAsync();
        LogTakenOver(people.Found.Count, faces, path, shared.Name);
        return true;
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{People} people with {Faces} faces were copied from {Path} to {Database}, where the gallery is from now on. The file is "
            + "not used any more and still has the people: remove it when you do not need it as a backup")]
    private partial void LogTakenOver(int people, int faces, string path, string database);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The gallery is in {Database}; the file {Path} is not used. If it has people who are missing, export them with "
            + "VISAGE_DATABASE=none and import them (stashai people export, import). Otherwise remove it")]
    private partial void LogUnused(string database, string path);

    /// <summary>Takes the people of a gallery and leaves their faces.</summary>
    private sealed class PeopleList : IGalleryReceiver
    {
        public List<Person> Found { get; } = [];

        public void Clear() => Found.Clear();

        public void RemovePerson(long person) => Found.RemoveAll(found => found.Key == person);

        public void PutPerson(Person person, bool replacesFaces) => Found.Add(person);

        public void AddFace(long person, ReadOnlySpan<float> vector)
        {
        }

        public void PutRejections(long person, IReadOnlyList<float[]> vectors)
        {
        }
    }
}
