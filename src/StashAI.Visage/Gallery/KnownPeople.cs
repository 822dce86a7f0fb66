using System.Collections.Concurrent;
using System.Numerics.Tensors;

namespace StashAI.Visage.Gallery;

/// <summary>
/// All people of the gallery and the vectors of their faces, in memory. Readers never wait. The caller must ensure that there is only one
/// <see cref="Edit"/> at a time.
/// </summary>
internal sealed class KnownPeople
{
    /// <summary>How many vectors one search handles at once, which limits its memory.</summary>
    private const int VectorsPerSearch = 32;

    private readonly VectorIndex index = new();
    private readonly RejectedFaces rejected = new();
    private readonly ConcurrentDictionary<long, Person> people = new();
    private readonly ConcurrentDictionary<Guid, long> keys = new();

    /// <summary>
    /// The people with each name, in the order of enrolment. Galleries of earlier versions may have one name in two spellings; the one
    /// enrolled first is found by it.
    /// </summary>
    private readonly ConcurrentDictionary<string, long[]> names = new(StringComparer.Ordinal);

    private long version;

    /// <summary>The version of the gallery that is in memory, at least; 0 before the gallery was read.</summary>
    public long Version => Volatile.Read(ref version);

    public int PeopleCount => people.Count;

    public int FacesCount => index.Count;

    public Person? Find(Guid id) => keys.TryGetValue(id, out var key) && people.TryGetValue(key, out var person) ? person : null;

    public Person? FindByName(string name) =>
        names.TryGetValue(NameKey.Of(name), out var held) && people.TryGetValue(held[0], out var person) ? person : null;

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

    public IReadOnlyList<float[]> VectorsOf(Person person) => index.VectorsOf(person.Key);

    /// <summary>True when a face is not of a person, as somebody said of a face that is closer than all enrolled ones.</summary>
    /// <param name="person">The person.</param>
    /// <param name="vector">The face.</param>
    /// <param name="closest">The cosine of the face and the closest of the person's enrolled faces.</param>
    public bool IsRejected(Person person, float[] vector, float closest) => rejected.Exclude(person.Key, vector, closest);

    /// <summary>True when a face matches a person who is not rejected for it.</summary>
    public bool Matches(Person person, float[] vector, float minCosine)
    {
        var vectors = VectorsOf(person);
        if (vectors.Count == 0) return false;
        var closest = vectors.Max(enrolled => TensorPrimitives.Dot<float>(vector, enrolled));
        return closest >= minCosine && !IsRejected(person, vector, closest);
    }

    /// <summary>
    /// For each vector, the people with a face that reaches the cosine and who are not rejected for it, the closest first, at most
    /// <paramref name="results"/>.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<PersonMatch>> Search(IReadOnlyList<float[]> vectors, float minCosine, int results) =>
        [.. vectors.Chunk(VectorsPerSearch).SelectMany(batch => SearchBatch(batch, minCosine, results))];

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

    /// <summary>Begins a change, which readers see only when it is complete.</summary>
    public Edit BeginEdit() => new(this);

    private List<List<PersonMatch>> SearchBatch(float[][] vectors, float minCosine, int results)
    {
        while (true)
        {
            var seen = index.Version;
            var isStale = false;
            var found = index.Search(vectors, minCosine).Select((scores, i) => Closest(vectors[i], scores, results, ref isStale)).ToList();
            // If a person was merged or deleted during the search, the faces may belong to somebody else now: search again.
            if (!isStale || index.Version == seen)
                return found;
        }
    }

    private List<PersonMatch> Closest(float[] vector, Dictionary<long, FaceScore> scores, int results, ref bool isStale)
    {
        var matches = new List<PersonMatch>();
        // Most faces of large collections are of nobody who is known.
        if (scores.Count == 0) return matches;
        // A part of the order costs less than all of it, which a low threshold makes long.
        var closest = scores.Where(score => !rejected.Exclude(score.Key, vector, score.Value.Best))
            .OrderByDescending(score => score.Value.Best).ThenBy(score => score.Key).Take(results);
        foreach (var (key, score) in closest)
        {
            if (people.TryGetValue(key, out var person))
                matches.Add(new(person, score.Best, score.Hits));
            else
                isStale = true;
        }

        return matches;
    }

    private void Remember(Person person)
    {
        var former = people.TryGetValue(person.Key, out var before) ? NameKey.Of(before.Name) : null;
        var name = NameKey.Of(person.Name);
        people[person.Key] = person;
        keys[person.Id] = person.Key;
        names.AddOrUpdate(name, _ => [person.Key], (_, held) => held.Contains(person.Key) ? held : [.. held.Append(person.Key).Order()]);
        if (former is not null && former != name) ForgetName(former, person.Key);
    }

    private void Forget(long key)
    {
        rejected.Remove(key);
        if (!people.TryRemove(key, out var person)) return;
        keys.TryRemove(person.Id, out _);
        ForgetName(NameKey.Of(person.Name), key);
    }

    private void ForgetName(string name, long key)
    {
        if (!names.TryGetValue(name, out var held)) return;
        if (held is [var only] && only == key)
            names.TryRemove(name, out _);
        else
            names[name] = [.. held.Where(other => other != key)];
    }

    /// <summary>One change of what is in memory. It has no effect unless it is committed.</summary>
    internal sealed class Edit : IGalleryReceiver
    {
        private readonly KnownPeople known;
        private readonly VectorIndex.Edit faces;
        private readonly List<Person> changed = [];
        private readonly List<long> removed = [];
        private readonly List<(long Person, IReadOnlyList<float[]> Vectors)> rejections = [];

        public Edit(KnownPeople known)
        {
            this.known = known;
            faces = known.index.BeginEdit();
        }

        public void Clear()
        {
            faces.Clear();
            changed.Clear();
            removed.AddRange(known.people.Keys);
            rejections.Clear();
            rejections.AddRange(known.rejected.People.Select(person => (person, (IReadOnlyList<float[]>)[])));
        }

        public void RemovePerson(long person)
        {
            faces.Remove(person);
            removed.Add(person);
        }

        public void PutPerson(Person person, bool replacesFaces)
        {
            if (replacesFaces) faces.Remove(person.Key);
            changed.Add(person);
        }

        public void AddFace(long person, ReadOnlySpan<float> vector) => faces.Add(person, vector);

        public void PutRejections(long person, IReadOnlyList<float[]> vectors) => rejections.Add((person, vectors));

        /// <summary>Shows the change to readers.</summary>
        /// <param name="version">The version of the gallery with this change.</param>
        public void Commit(long version)
        {
            foreach (var person in changed)
                known.Remember(person);
            foreach (var (person, vectors) in rejections)
                known.rejected.Put(person, vectors);
            // Before the removed people: a search that then finds a face without a person began before this change, and repeats.
            faces.Commit();
            foreach (var person in removed.Except(changed.Select(person => person.Key)))
                known.Forget(person);
            Volatile.Write(ref known.version, version);
        }
    }
}
