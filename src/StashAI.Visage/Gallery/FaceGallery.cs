using System.Collections.Concurrent;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Gallery;

/// <summary>The people that are known: kept in SQLite, searched in memory. Changes are durable when a call returns.</summary>
internal sealed class FaceGallery : IDisposable
{
    public const string FileName = "visage.db";

    /// <summary>Bounds what a search for everybody has in memory at once.</summary>
    private const int VectorsAtOnce = 16;

    private readonly SemaphoreSlim writing = new(1);
    private readonly VectorIndex index = new();
    private readonly ConcurrentDictionary<long, Person> people = new();
    private readonly ConcurrentDictionary<Guid, long> keys = new();
    private readonly ConcurrentDictionary<string, long> names = new(StringComparer.Ordinal);
    private readonly GalleryStore store;
    private readonly GalleryLock held;
    private readonly TimeProvider time;

    /// <exception cref="InvalidOperationException">Another process uses the folder, or a newer Visage wrote the file.</exception>
    public FaceGallery(VisageOptions options, TimeProvider time)
    {
        this.time = time;
        Directory.CreateDirectory(options.DataDirectory);
        held = GalleryLock.Take(options.DataDirectory);
        store = GalleryStore.Open(Path.Combine(options.DataDirectory, FileName));
        foreach (var person in store.ReadPeople())
            Remember(person);
        store.ReadFaces(index.Add);
    }

    public int PeopleCount => people.Count;

    public int FacesCount => index.Count;

    public Person? Find(Guid id) => keys.TryGetValue(id, out var key) && people.TryGetValue(key, out var person) ? person : null;

    public Person? FindByName(string name) =>
        names.TryGetValue(Person.KeyOfName(name), out var key) && people.TryGetValue(key, out var person) ? person : null;

    public IReadOnlyList<string> Names() => [.. people.Values.Select(person => person.Name).Order(StringComparer.OrdinalIgnoreCase)];

    /// <summary>People in the order of enrolment, after the key of a given one (who may be gone), whose name contains the text.</summary>
    public IReadOnlyList<Person> List(int limit, long after, string? search)
    {
        var matching = people.Values.Where(person => person.Key > after);
        if (!string.IsNullOrWhiteSpace(search))
        {
            var wanted = Person.KeyOfName(search);
            matching = matching.Where(person => Person.KeyOfName(person.Name).Contains(wanted, StringComparison.Ordinal));
        }

        return [.. matching.OrderBy(person => person.Key).Take(limit)];
    }

    public IReadOnlyDictionary<long, int> CountFaces(IEnumerable<Person> of) => store.CountFaces([.. of.Select(person => person.Key)]);

    public IReadOnlyList<StoredFace> FacesOf(Person person) => store.ReadFacesOf(person.Key);

    public byte[]? PictureOf(Person person) => store.ReadPicture(person.Key);

    /// <summary>For each vector the people whose faces reach the cosine, the closest first, at most <paramref name="results"/>.</summary>
    public IReadOnlyList<IReadOnlyList<PersonMatch>> Search(IReadOnlyList<float[]> vectors, float minCosine, int results) =>
        [.. vectors.Chunk(VectorsAtOnce).SelectMany(some => SearchSome(some, minCosine, results))];

    /// <exception cref="NameTakenException">A person of this name is in the gallery.</exception>
    public async Task<Person> EnrolAsync(PersonDetails details, IReadOnlyList<GalleryFace> faces, CancellationToken cancellationToken)
    {
        using var _ = await WriteAsync(cancellationToken);
        var name = details.Name!.Trim();
        RefuseTakenName(name, except: null);

        var now = time.GetUtcNow();
        var person = new Person(0, Guid.CreateVersion7(now), name, details.Country, details.Image, details.PerformerUrl, now, now);
        person = person with { Key = store.InsertPerson(person, faces, out var added) };
        Remember(person);
        foreach (var face in added)
            index.Add(person.Key, faces[face].Vector);
        return person;
    }

    /// <returns>The person and how many of the faces are new, or null when the person is gone.</returns>
    public async Task<(Person Person, int Added)?> AddFacesAsync(Guid id, IReadOnlyList<GalleryFace> faces, CancellationToken cancellationToken)
    {
        using var _ = await WriteAsync(cancellationToken);
        if (Find(id) is not { } person)
            return null;

        person = person with { UpdatedAt = time.GetUtcNow() };
        var added = store.InsertFaces(person, faces);
        Remember(person);
        foreach (var face in added)
            index.Add(person.Key, faces[face].Vector);
        return (person, added.Count);
    }

    /// <exception cref="NameTakenException">Another person has the new name.</exception>
    public async Task<Person?> UpdateAsync(Guid id, PersonDetails change, CancellationToken cancellationToken)
    {
        using var _ = await WriteAsync(cancellationToken);
        if (Find(id) is not { } before)
            return null;

        var name = change.Name?.Trim() ?? before.Name;
        // Galleries of earlier versions may hold a name in two spellings; such people can be changed and merged.
        var isRenamed = Person.KeyOfName(name) != Person.KeyOfName(before.Name);
        if (isRenamed)
            RefuseTakenName(name, except: before);
        var after = before with
        {
            Name = name,
            Country = change.Country ?? before.Country,
            Image = change.Image ?? before.Image,
            PerformerUrl = change.PerformerUrl ?? before.PerformerUrl,
            UpdatedAt = time.GetUtcNow(),
        };
        store.UpdatePerson(after, isRenamed);
        if (isRenamed)
            ForgetName(before);
        Remember(after);
        return after;
    }

    /// <returns>False when there is no such person.</returns>
    public async Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        using var _ = await WriteAsync(cancellationToken);
        if (Find(id) is not { } person)
            return false;

        store.DeletePerson(person.Key);
        // First the faces: a search that finds one of somebody unknown is one that began before, and looks again.
        index.Remove(person.Key);
        Forget(person);
        return true;
    }

    /// <summary>Makes one person of several: all faces go to the first, the others are gone.</summary>
    /// <returns>The person, or null and the id that is not in the gallery.</returns>
    public async Task<(Person? Person, Guid? Unknown)> MergeAsync(Guid into, IReadOnlyCollection<Guid> from, CancellationToken cancellationToken)
    {
        using var _ = await WriteAsync(cancellationToken);
        if (Find(into) is not { } person)
            return (null, into);
        var others = new List<Person>();
        foreach (var id in from)
        {
            if (Find(id) is not { } other)
                return (null, id);
            others.Add(other);
        }

        person = person with { UpdatedAt = time.GetUtcNow() };
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
        using var _ = await WriteAsync(cancellationToken);
        if (Find(id) is not { } person || !store.DeleteFace(person.Key, face))
            return false;
        Reload(person);
        return true;
    }

    /// <summary>The faces of a person with vectors and pictures.</summary>
    public IReadOnlyList<GalleryFace> ExportFaces(Person person) => store.ReadGalleryFaces(person.Key);

    public IReadOnlyList<float[]> VectorsOf(Person person) => index.VectorsOf(person.Key);

    /// <summary>The people who look most like a person, the closest first; the person is not among them.</summary>
    public IReadOnlyList<PersonMatch> LookAlikes(Person person, int results) =>
    [
        // One more than asked for: the person is the closest to the own faces.
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
        writing.Dispose();
        held.Dispose();
    }

    private List<List<PersonMatch>> SearchSome(float[][] vectors, float minCosine, int results)
    {
        while (true)
        {
            var seen = index.Version;
            var isStale = false;
            var found = index.Search(vectors, minCosine).Select(scores => Closest(scores, results, ref isStale)).ToList();
            // Somebody was merged or deleted while the vectors were looked at: the faces may be another's now.
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
        // Who was enrolled first keeps the name.
        names.TryAdd(Person.KeyOfName(person.Name), person.Key);
    }

    private void Reload(Person person)
    {
        index.Set(person.Key, [.. store.ReadGalleryFaces(person.Key).Select(face => face.Vector)]);
    }

    private void Forget(Person person)
    {
        people.TryRemove(person.Key, out _);
        keys.TryRemove(person.Id, out _);
        ForgetName(person);
    }

    private void ForgetName(Person person)
    {
        var name = Person.KeyOfName(person.Name);
        if (!names.TryRemove(KeyValuePair.Create(name, person.Key)))
            return;
        var other = people.Values.Where(one => one.Key != person.Key && Person.KeyOfName(one.Name) == name).OrderBy(one => one.Key).FirstOrDefault();
        if (other is not null)
            names.TryAdd(name, other.Key);
    }

    private async Task<Release> WriteAsync(CancellationToken cancellationToken)
    {
        await writing.WaitAsync(cancellationToken);
        return new(writing);
    }

    private readonly struct Release(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }
}
