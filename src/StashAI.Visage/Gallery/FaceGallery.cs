using System.Collections.Concurrent;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Gallery;

/// <summary>The known people: stored in SQLite, searched in memory. Changes are durable when a call returns.</summary>
internal sealed class FaceGallery : IDisposable
{
    public const string FileName = "visage.db";

    /// <summary>How many vectors one search handles at once, which limits its memory.</summary>
    private const int VectorsPerSearch = 16;

    private readonly SemaphoreSlim writeLock = new(1);
    private readonly VectorIndex index = new();
    private readonly ConcurrentDictionary<long, Person> people = new();
    private readonly ConcurrentDictionary<Guid, long> keys = new();
    private readonly ConcurrentDictionary<string, long> names = new(StringComparer.Ordinal);
    private readonly GalleryStore store;
    private readonly FolderLock folderLock;
    private readonly TimeProvider clock;
    private long version;

    /// <exception cref="InvalidOperationException">
    /// Another process uses the folder, or a newer version of Visage wrote the file.
    /// </exception>
    public FaceGallery(VisageOptions options, TimeProvider clock)
    {
        this.clock = clock;
        Directory.CreateDirectory(options.DataDirectory);
        folderLock = FolderLock.Take(options.DataDirectory);
        store = GalleryStore.Open(Path.Combine(options.DataDirectory, FileName));
        foreach (var person in store.ReadPeople())
            Remember(person);
        store.ReadFaces(index.Add);
        version = store.ReadVersion();
    }

    /// <summary>Grows with every change, also over restarts. A search that begins later sees that change and all before it.</summary>
    public long Version => Volatile.Read(ref version);

    public int PeopleCount => people.Count;

    public int FacesCount => index.Count;

    public Person? Find(Guid id) => keys.TryGetValue(id, out var key) && people.TryGetValue(key, out var person) ? person : null;

    public Person? FindByName(string name) =>
        names.TryGetValue(NameKey.Of(name), out var key) && people.TryGetValue(key, out var person) ? person : null;

    public IReadOnlyList<string> Names() => [.. people.Values.Select(person => person.Name).Order(StringComparer.OrdinalIgnoreCase)];

    /// <summary>People in the order of enrolment, after the key <paramref name="after"/>; that person may have been deleted.</summary>
    public IReadOnlyList<Person> List(int limit, long after) =>
        [.. people.Values.Where(person => person.Key > after).OrderBy(person => person.Key).Take(limit)];

    /// <summary>All people whose name contains the text, in no order.</summary>
    public IReadOnlyList<Person> Matching(string? search)
    {
        if (string.IsNullOrWhiteSpace(search)) return [.. people.Values];
        var wanted = NameKey.Of(search);
        return [.. people.Values.Where(person => NameKey.Of(person.Name).Contains(wanted, StringComparison.Ordinal))];
    }

    public IReadOnlyDictionary<long, int> CountFaces(IEnumerable<Person> persons) =>
        store.CountFaces([.. persons.Select(person => person.Key)]);

    public IReadOnlyList<StoredFace> FacesOf(Person person) => store.ReadFacesOf(person.Key);

    /// <summary>The picture of one face of a person; null when there is none.</summary>
    public byte[]? PictureOf(Person person, Guid face) => store.ReadPicture(person.Key, face);

    public byte[]? PictureOf(Person person) => store.ReadPicture(person.Key);

    /// <summary>
    /// For each vector, the people with a face that reaches the cosine, the closest first, at most <paramref name="results"/>.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<PersonMatch>> Search(IReadOnlyList<float[]> vectors, float minCosine, int results) =>
        [.. vectors.Chunk(VectorsPerSearch).SelectMany(batch => SearchBatch(batch, minCosine, results))];

    /// <exception cref="NameTakenException">The gallery already has a person with this name.</exception>
    public async Task<Person> EnrolAsync(PersonDetails details, IReadOnlyList<GalleryFace> faces, CancellationToken cancellationToken)
    {
        using var _ = await LockForWritingAsync(cancellationToken);
        var name = details.Name!.Trim();
        RefuseTakenName(name, except: null);

        var now = clock.GetUtcNow();
        var person = new Person(0, Guid.CreateVersion7(now), name, details.Country, details.Image, details.PerformerUrl, now, now);
        person = person with { Key = store.InsertPerson(person, faces, out var added) };
        Remember(person);
        foreach (var face in added)
            index.Add(person.Key, faces[face].Vector);
        return person;
    }

    /// <returns>The person and the number of faces that are new; null when the gallery does not have the person.</returns>
    public async Task<(Person Person, int Added)?> AddFacesAsync(
        Guid id, IReadOnlyList<GalleryFace> faces, CancellationToken cancellationToken)
    {
        using var _ = await LockForWritingAsync(cancellationToken);
        if (Find(id) is not { } person)
            return null;

        person = person with { UpdatedAt = clock.GetUtcNow() };
        var added = store.InsertFaces(person, faces);
        Remember(person);
        foreach (var face in added)
            index.Add(person.Key, faces[face].Vector);
        return (person, added.Count);
    }

    /// <exception cref="NameTakenException">Another person has the new name.</exception>
    public async Task<Person?> UpdateAsync(Guid id, PersonDetails change, CancellationToken cancellationToken)
    {
        using var _ = await LockForWritingAsync(cancellationToken);
        if (Find(id) is not { } before)
            return null;

        var name = change.Name?.Trim() ?? before.Name;
        // Galleries of earlier versions may contain one name in two spellings; such people can still be changed and merged.
        var isRenamed = NameKey.Of(name) != NameKey.Of(before.Name);
        if (isRenamed)
            RefuseTakenName(name, except: before);
        var after = before with
        {
            Name = name,
            Country = change.Country ?? before.Country,
            Image = change.Image ?? before.Image,
            PerformerUrl = change.PerformerUrl ?? before.PerformerUrl,
            UpdatedAt = clock.GetUtcNow(),
        };
        store.UpdatePerson(after, isRenamed);
        if (isRenamed)
            ForgetName(before);
        Remember(after);
        return after;
    }

    /// <returns>False when the gallery does not have the person.</returns>
    public async Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        using var _ = await LockForWritingAsync(cancellationToken);
        if (Find(id) is not { } person)
            return false;

        store.DeletePerson(person.Key);
        // Remove the faces first: a search that then finds a face without a person started before the removal, and repeats.
        index.Remove(person.Key);
        Forget(person);
        return true;
    }

    /// <summary>Merges people: moves all of their faces to one person and deletes the others.</summary>
    /// <returns>The person; or null, and the id that is not in the gallery.</returns>
    public async Task<(Person? Person, Guid? Unknown)> MergeAsync(
        Guid into, IReadOnlyCollection<Guid> from, CancellationToken cancellationToken)
    {
        using var _ = await LockForWritingAsync(cancellationToken);
        if (Find(into) is not { } person)
            return (null, into);
        var others = new List<Person>();
        foreach (var id in from)
        {
            if (Find(id) is not { } other)
                return (null, id);
            others.Add(other);
        }

        person = person with { UpdatedAt = clock.GetUtcNow() };
        store.MergePeople(person, [.. others.Select(other => other.Key)]);
        Remember(person);
        foreach (var other in others)
        {
            index.Move(other.Key, person.Key);
            Forget(other);
        }

        if (store.CountFaces([person.Key]).GetValueOrDefault(person.Key) != index.VectorsOf(person.Key).Count)
            Reload(person);
        return (person, null);
    }

    /// <returns>False when the person or the face is not in the gallery.</returns>
    public async Task<bool> DeleteFaceAsync(Guid id, Guid face, CancellationToken cancellationToken)
    {
        using var _ = await LockForWritingAsync(cancellationToken);
        if (Find(id) is not { } person || !store.DeleteFace(person.Key, face))
            return false;
        Reload(person);
        return true;
    }

    /// <summary>The faces of a person, with vectors and pictures.</summary>
    public IReadOnlyList<GalleryFace> ExportFaces(Person person) => store.ReadGalleryFaces(person.Key);

    public IReadOnlyList<float[]> VectorsOf(Person person) => index.VectorsOf(person.Key);

    /// <summary>The people who look most like a person, the closest first, without the person.</summary>
    public IReadOnlyList<PersonMatch> LookAlikes(Person person, int results) =>
    [
        // One more than requested, since the person's own faces are the closest.
        .. Search(index.VectorsOf(person.Key), minCosine: -2, results + 1)
            .SelectMany(matches => matches)
            .Where(match => match.Person.Key != person.Key)
            .GroupBy(match => match.Person.Key)
            .Select(matches => matches.MaxBy(match => match.Cosine)!)
            .OrderByDescending(match => match.Cosine)
            .Take(results),
    ];

    public void Dispose()
    {
        writeLock.Dispose();
        folderLock.Dispose();
    }

    private List<List<PersonMatch>> SearchBatch(float[][] vectors, float minCosine, int results)
    {
        while (true)
        {
            var seen = index.Version;
            var isStale = false;
            var found = index.Search(vectors, minCosine).Select(scores => Closest(scores, results, ref isStale)).ToList();
            // If a person was merged or deleted during the search, the faces may belong to somebody else now: search again.
            if (!isStale || index.Version == seen)
                return found;
        }
    }

    private List<PersonMatch> Closest(Dictionary<long, FaceScore> scores, int results, ref bool isStale)
    {
        var matches = new List<PersonMatch>();
        foreach (var (key, score) in scores.OrderByDescending(score => score.Value.Best).ThenBy(score => score.Key).Take(results))
        {
            if (people.TryGetValue(key, out var person))
                matches.Add(new(person, score.Best, score.Hits));
            else
                isStale = true;
        }

        return matches;
    }

    private void RefuseTakenName(string name, Person? except)
    {
        if (FindByName(name) is { } holder && holder.Key != except?.Key)
            throw new NameTakenException(holder);
    }

    private void Remember(Person person)
    {
        people[person.Key] = person;
        keys[person.Id] = person.Key;
        // If two people have the same name, the one enrolled first keeps it.
        names.TryAdd(NameKey.Of(person.Name), person.Key);
    }

    private void Reload(Person person) => index.Set(person.Key, [.. store.ReadGalleryFaces(person.Key).Select(face => face.Vector)]);

    private void Forget(Person person)
    {
        people.TryRemove(person.Key, out _);
        keys.TryRemove(person.Id, out _);
        ForgetName(person);
    }

    private void ForgetName(Person person)
    {
        var name = NameKey.Of(person.Name);
        if (!names.TryRemove(KeyValuePair.Create(name, person.Key)))
            return;
        var other = people.Values.Where(candidate => candidate.Key != person.Key && NameKey.Of(candidate.Name) == name)
            .OrderBy(candidate => candidate.Key).FirstOrDefault();
        if (other is not null)
            names.TryAdd(name, other.Key);
    }

    private async Task<WriteLock> LockForWritingAsync(CancellationToken cancellationToken)
    {
        await writeLock.WaitAsync(cancellationToken);
        return new(this);
    }

    private readonly struct WriteLock(FaceGallery gallery) : IDisposable
    {
        /// <summary>The change is in memory by now, so that its version may be told.</summary>
        public void Dispose()
        {
            try
            {
                Volatile.Write(ref gallery.version, gallery.store.ReadVersion());
            }
            finally
            {
                gallery.writeLock.Release();
            }
        }
    }
}
