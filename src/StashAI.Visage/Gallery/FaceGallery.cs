using System.Numerics.Tensors;
using StashAI.Visage.Recognition;

namespace StashAI.Visage.Gallery;

/// <summary>The known people: stored, and searched in memory. Changes are durable when a call returns.</summary>
internal sealed class FaceGallery(IGalleryStore store, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim editLock = new(1);
    private readonly KnownPeople known = new();

    /// <summary>What is in memory, which other processes may have changed since; <see cref="CurrentAsync"/> is for answers.</summary>
    public KnownPeople Known => known;

    /// <summary>Grows with every change, also over restarts. A search that begins later sees that change and all before it.</summary>
    public long Version => known.Version;

    /// <summary>The people and their faces with every change that was stored before this call, by any process.</summary>
    public async ValueTask<KnownPeople> CurrentAsync(CancellationToken cancellationToken)
    {
        if (await IsCurrentAsync(cancellationToken))
            return known;

        await editLock.WaitAsync(cancellationToken);
        try
        {
            var edit = known.BeginEdit();
            edit.Commit(await store.ReadChangesAsync(known.Version, edit, cancellationToken));
            return known;
        }
        finally
        {
            editLock.Release();
        }
    }

    public async Task<IReadOnlyDictionary<long, int>> CountFacesAsync(IEnumerable<Person> people, CancellationToken cancellationToken) =>
        await store.CountFacesAsync([.. people.Select(person => person.Key)], cancellationToken);

    public Task<IReadOnlyList<StoredFace>> FacesOfAsync(Person person, CancellationToken cancellationToken) =>
        store.ReadFacesOfAsync(person.Key, cancellationToken);

    /// <summary>The picture of one face of a person; null when there is none.</summary>
    public Task<byte[]?> PictureOfAsync(Person person, Guid face, CancellationToken cancellationToken) =>
        store.ReadPictureAsync(person.Key, face, cancellationToken);

    public Task<byte[]?> PictureOfAsync(Person person, CancellationToken cancellationToken) =>
        store.ReadPictureAsync(person.Key, cancellationToken);

    /// <summary>The faces of a person, with vectors and pictures.</summary>
    public Task<IReadOnlyList<GalleryFace>> ExportFacesAsync(Person person, CancellationToken cancellationToken) =>
        store.ReadGalleryFacesAsync(person.Key, cancellationToken);

    /// <summary>The rejected faces of a person, in the order in which they were rejected.</summary>
    public Task<IReadOnlyList<Rejection>> RejectionsOfAsync(Person person, CancellationToken cancellationToken) =>
        store.ReadRejectionsAsync(person.Key, cancellationToken);

    /// <inheritdoc cref="EnrolAsync(PersonDetails, IReadOnlyList{GalleryFace}, Guid?, CancellationToken)"/>
    public Task<Person> EnrolAsync(PersonDetails details, IReadOnlyList<GalleryFace> faces, CancellationToken cancellationToken) =>
        EnrolAsync(details, faces, id: null, cancellationToken);

    /// <param name="details">The person's name and other fields.</param>
    /// <param name="faces">The person's faces.</param>
    /// <param name="id">The id; if the gallery has that person already, nothing is changed. Null for a new id.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="NameTakenException">The gallery already has a person with this name.</exception>
    public async Task<Person> EnrolAsync(
        PersonDetails details, IReadOnlyList<GalleryFace> faces, Guid? id, CancellationToken cancellationToken)
    {
        await using var change = await BeginAsync(cancellationToken);
        if (id is { } given && known.Find(given) is { } enrolled)
            return enrolled;
        var name = details.Name!.Trim();
        RefuseTakenName(name, except: null);

        var now = clock.GetUtcNow();
        var person = new Person(0, id ?? Guid.CreateVersion7(now), name, details.Country, details.Image, details.PerformerUrl, now, now);
        var (key, added) = await change.Stored.InsertPersonAsync(person, faces, cancellationToken);
        person = person with { Key = key };
        change.Memory.PutPerson(person, replacesFaces: false);
        foreach (var face in added)
            change.Memory.AddFace(key, faces[face].Vector);
        await change.CommitAsync();
        return person;
    }

    /// <summary>Adds faces to a person.</summary>
    /// <param name="id">The person.</param>
    /// <param name="faces">The faces.</param>
    /// <param name="takesBack">True when rejections of the same faces are removed: somebody says now that they are of the person.</param>
    /// <param name="cancellationToken">Ends the change.</param>
    /// <returns>The person and the number of faces that are new; null when the gallery does not have the person.</returns>
    public async Task<(Person Person, int Added)?> AddFacesAsync(
        Guid id, IReadOnlyList<GalleryFace> faces, bool takesBack, CancellationToken cancellationToken)
    {
        await using var change = await BeginAsync(cancellationToken);
        if (known.Find(id) is not { } before)
            return null;

        var person = before with { UpdatedAt = clock.GetUtcNow() };
        var added = await change.Stored.InsertFacesAsync(person, faces, cancellationToken);
        var taken = takesBack ? await RejectionsOfAsync(change, person, faces, cancellationToken) : [];
        if (added.Count == 0 && taken.Count == 0)
            return (before, 0);
        change.Memory.PutPerson(person, replacesFaces: false);
        foreach (var face in added)
            change.Memory.AddFace(person.Key, faces[face].Vector);
        if (taken.Count > 0)
        {
            await change.Stored.DeleteRejectionsAsync([.. taken.Select(rejection => rejection.Id)], cancellationToken);
            await ReplaceRejectionsAsync(change, person, cancellationToken);
        }

        await change.CommitAsync();
        return (person, added.Count);
    }

    /// <exception cref="NameTakenException">Another person has the new name.</exception>
    public async Task<Person?> UpdateAsync(Guid id, PersonDetails details, CancellationToken cancellationToken)
    {
        await using var change = await BeginAsync(cancellationToken);
        if (known.Find(id) is not { } before)
            return null;

        var name = details.Name?.Trim() ?? before.Name;
        // Galleries of earlier versions may contain one name in two spellings; such people can still be changed and merged.
        var isRenamed = NameKey.Of(name) != NameKey.Of(before.Name);
        if (isRenamed)
            RefuseTakenName(name, except: before);
        var after = before with
        {
            Name = name,
            Country = details.Country ?? before.Country,
            Image = details.Image ?? before.Image,
            PerformerUrl = details.PerformerUrl ?? before.PerformerUrl,
            UpdatedAt = clock.GetUtcNow(),
        };
        await change.Stored.UpdatePersonAsync(after, isRenamed, cancellationToken);
        change.Memory.PutPerson(after, replacesFaces: false);
        await change.CommitAsync();
        return after;
    }

    /// <returns>False when the gallery does not have the person.</returns>
    public async Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        var isRemoved = await RemoveAsync(id, cancellationToken);
        // Also for somebody who was removed by a call that ended before this.
        await store.ScrubAsync(cancellationToken);
        return isRemoved;
    }

    private async Task<bool> RemoveAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var change = await BeginAsync(cancellationToken);
        if (known.Find(id) is not { } person)
            return false;

        await change.Stored.DeletePersonAsync(person.Key, cancellationToken);
        change.Memory.RemovePerson(person.Key);
        await change.CommitAsync();
        return true;
    }

    /// <summary>
    /// Merges people: moves all of their faces and rejections to one person and deletes the others. A face that was rejected for one of
    /// them and matches another is of the person that they are now, so that such a rejection is dropped.
    /// </summary>
    /// <returns>The person; or null, and the id that is not in the gallery.</returns>
    public async Task<(Person? Person, Guid? Unknown)> MergeAsync(
        Guid into, IReadOnlyCollection<Guid> from, CancellationToken cancellationToken)
    {
        await using var change = await BeginAsync(cancellationToken);
        if (known.Find(into) is not { } person)
            return (null, into);
        var others = new List<Person>();
        foreach (var id in from)
        {
            if (known.Find(id) is not { } other)
                return (null, id);
            others.Add(other);
        }

        person = person with { UpdatedAt = clock.GetUtcNow() };
        await change.Stored.DeleteRejectionsAsync(await DisprovedAsync(change, [person, .. others], cancellationToken), cancellationToken);
        await change.Stored.MergePeopleAsync(person, [.. others.Select(other => other.Key)], cancellationToken);
        foreach (var other in others)
            change.Memory.RemovePerson(other.Key);
        await ReplaceFacesAsync(change, person, cancellationToken);
        await ReplaceRejectionsAsync(change, person, cancellationToken);
        await change.CommitAsync();
        return (person, null);
    }

    /// <summary>
    /// Moves some faces of a person to another one, or to a new one. Rejections of the other person for these faces are dropped: somebody
    /// says now that they are of that person. Rejections of the first person stay.
    /// </summary>
    /// <param name="id">The person who has the faces.</param>
    /// <param name="faces">The faces; at least one stays.</param>
    /// <param name="into">The other person; null for a new one.</param>
    /// <param name="name">The name of the new person.</param>
    /// <param name="cancellationToken">Ends the change.</param>
    /// <exception cref="NameTakenException">The gallery already has a person with the name.</exception>
    public async Task<SplitOutcome> SplitAsync(
        Guid id, IReadOnlyCollection<Guid> faces, Guid? into, string? name, CancellationToken cancellationToken)
    {
        await using var change = await BeginAsync(cancellationToken);
        if (known.Find(id) is not { } former) return new SplitOutcome(null, null) { UnknownPerson = id };
        var stored = await store.ReadGalleryFacesAsync(former.Key, cancellationToken);
        var moved = stored.Where(face => faces.Contains(face.Id!.Value)).ToList();
        foreach (var face in faces)
        {
            if (!moved.Exists(one => one.Id == face)) return new SplitOutcome(null, null) { UnknownFace = face };
        }

        if (moved.Count == stored.Count) return new SplitOutcome(null, null) { LeavesNone = true };
        var now = clock.GetUtcNow();
        Person? target;
        if (into is { } other)
        {
            if (known.Find(other) is not { } found) return new SplitOutcome(null, null) { UnknownPerson = other };
            target = found with { UpdatedAt = now };
        }
        else
        {
            RefuseTakenName(name!, except: null);
            target = new Person(0, Guid.CreateVersion7(now), name!.Trim(), null, null, null, now, now);
            var (key, _) = await change.Stored.InsertPersonAsync(target, [], cancellationToken);
            target = target with { Key = key };
        }

        former = former with { UpdatedAt = now };
        await change.Stored.MoveFacesAsync(former, target, faces, cancellationToken);
        await ReplaceFacesAsync(change, former, cancellationToken);
        await ReplaceFacesAsync(change, target, cancellationToken);
        var taken = await RejectionsOfAsync(change, target, moved, cancellationToken);
        if (taken.Count > 0)
        {
            await change.Stored.DeleteRejectionsAsync([.. taken.Select(rejection => rejection.Id)], cancellationToken);
            await ReplaceRejectionsAsync(change, target, cancellationToken);
        }

        await change.CommitAsync();
        return new SplitOutcome(former, target);
    }

    /// <summary>Takes a face out.</summary>
    /// <param name="id">The person.</param>
    /// <param name="face">The face.</param>
    /// <param name="cancellationToken">Ends the change.</param>
    /// <param name="withPerson">
    /// True to remove the person too, if they have no other face and nobody stored anything else about them than their name. It is one
    /// change: a face that is enrolled at the same time is not lost.
    /// </param>
    /// <returns>False when the person or the face is not in the gallery.</returns>
    public async Task<bool> DeleteFaceAsync(Guid id, Guid face, CancellationToken cancellationToken, bool withPerson = false)
    {
        await using var change = await BeginAsync(cancellationToken);
        if (known.Find(id) is not { } person || !await change.Stored.DeleteFaceAsync(person.Key, face, cancellationToken))
            return false;
        var isEmpty = string.IsNullOrEmpty($"{person.Country}{person.Image}{person.PerformerUrl}")
            && (await change.Stored.ReadVectorsAsync(person.Key, cancellationToken)).Count == 0;
        if (withPerson && isEmpty)
        {
            await change.Stored.DeletePersonAsync(person.Key, cancellationToken);
            change.Memory.RemovePerson(person.Key);
        }
        else
        {
            await ReplaceFacesAsync(change, person, cancellationToken);
        }

        await change.CommitAsync();
        return true;
    }

    /// <summary>Stores that faces are not of a person.</summary>
    /// <param name="id">The person.</param>
    /// <param name="faces">The faces, and where they come from. A face that was rejected before is kept once.</param>
    /// <param name="cancellationToken">Ends the change.</param>
    /// <returns>The rejections, in the order of the faces; null when the gallery does not have the person.</returns>
    public async Task<IReadOnlyList<Rejection>?> RejectAsync(
        Guid id, IReadOnlyList<(float[] Vector, string Source)> faces, CancellationToken cancellationToken)
    {
        await using var change = await BeginAsync(cancellationToken);
        if (known.Find(id) is not { } person)
            return null;

        var now = clock.GetUtcNow();
        await change.Stored.InsertRejectionsAsync(
            person, [.. faces.Select(face => new Rejection(Guid.CreateVersion7(now), face.Vector, face.Source, now))], cancellationToken);
        var stored = await ReplaceRejectionsAsync(change, person, cancellationToken);
        await change.CommitAsync();
        return [.. faces.Select(face => stored.First(rejection => rejection.Source == face.Source))];
    }

    /// <returns>What was removed; null when the person or the rejection is not in the gallery.</returns>
    public async Task<Rejection?> DeleteRejectionAsync(Guid id, Guid rejection, CancellationToken cancellationToken)
    {
        await using var change = await BeginAsync(cancellationToken);
        if (known.Find(id) is not { } person)
            return null;
        var found = (await change.Stored.ReadRejectionsAsync(person.Key, cancellationToken)).FirstOrDefault(one => one.Id == rejection);
        if (found is null)
            return null;

        await change.Stored.DeleteRejectionsAsync([rejection], cancellationToken);
        await ReplaceRejectionsAsync(change, person, cancellationToken);
        await change.CommitAsync();
        return found;
    }

    public void Dispose()
    {
        editLock.Dispose();
        store.Dispose();
    }

    private static async Task ReplaceFacesAsync(Change change, Person person, CancellationToken cancellationToken)
    {
        change.Memory.PutPerson(person, replacesFaces: true);
        foreach (var vector in await change.Stored.ReadVectorsAsync(person.Key, cancellationToken))
            change.Memory.AddFace(person.Key, vector);
    }

    /// <summary>The rejections of a person of the same faces as others.</summary>
    private static async Task<IReadOnlyList<Rejection>> RejectionsOfAsync(
        Change change, Person person, IReadOnlyList<GalleryFace> faces, CancellationToken cancellationToken)
    {
        var rejections = await change.Stored.ReadRejectionsAsync(person.Key, cancellationToken);
        return [.. rejections.Where(rejection => faces.Any(
            face => TensorPrimitives.Dot<float>(face.Vector, rejection.Vector) >= RejectedFaces.SameFace))];
    }

    private static async Task<IReadOnlyList<Rejection>> ReplaceRejectionsAsync(
        Change change, Person person, CancellationToken cancellationToken)
    {
        var rejections = await change.Stored.ReadRejectionsAsync(person.Key, cancellationToken);
        change.Memory.PutPerson(person, replacesFaces: false);
        change.Memory.PutRejections(person.Key, [.. rejections.Select(rejection => rejection.Vector)]);
        return rejections;
    }

    /// <summary>The rejections of each person that match another one of the people.</summary>
    private async Task<List<Guid>> DisprovedAsync(Change change, IReadOnlyList<Person> people, CancellationToken cancellationToken)
    {
        var disproved = new List<Guid>();
        foreach (var person in people)
        {
            foreach (var rejection in await change.Stored.ReadRejectionsAsync(person.Key, cancellationToken))
            {
                if (people.Any(other => other.Key != person.Key && known.Matches(other, rejection.Vector, MatchConfidence.DefaultCosine)))
                    disproved.Add(rejection.Id);
            }
        }

        return disproved;
    }

    private async ValueTask<bool> IsCurrentAsync(CancellationToken cancellationToken)
    {
        var before = known.Version;
        if (before == 0 || !store.IsShared)
            return before > 0;
        // The memory may be newer than what is read here, if another request has changed it meanwhile.
        var stored = await store.ReadVersionAsync(cancellationToken);
        return stored >= before && stored <= known.Version;
    }

    private void RefuseTakenName(string name, Person? except)
    {
        if (known.FindByName(name) is { } holder && holder.Key != except?.Key)
            throw new NameTakenException(holder);
    }

    /// <summary>Begins a change with a memory that has every change before it.</summary>
    private async Task<Change> BeginAsync(CancellationToken cancellationToken)
    {
        await editLock.WaitAsync(cancellationToken);
        try
        {
            var stored = await store.BeginAsync(cancellationToken);
            try
            {
                if (stored.Version != known.Version)
                {
                    var edit = known.BeginEdit();
                    await stored.ReadChangesAsync(known.Version, edit, cancellationToken);
                    edit.Commit(stored.Version);
                }

                return new(stored, known.BeginEdit(), editLock);
            }
            catch
            {
                await stored.DisposeAsync();
                throw;
            }
        }
        catch
        {
            editLock.Release();
            throw;
        }
    }

    /// <summary>A change of what is stored, and the same change of what is in memory.</summary>
    private sealed class Change(IGalleryTransaction stored, KnownPeople.Edit memory, SemaphoreSlim editLock) : IAsyncDisposable
    {
        public IGalleryTransaction Stored => stored;

        public KnownPeople.Edit Memory => memory;

        public async Task CommitAsync() => memory.Commit(await stored.CommitAsync());

        public async ValueTask DisposeAsync()
        {
            try
            {
                await stored.DisposeAsync();
            }
            finally
            {
                editLock.Release();
            }
        }
    }
}
