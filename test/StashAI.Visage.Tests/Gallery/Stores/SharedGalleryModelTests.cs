using CsCheck;
using StashAI.Testing.Postgres;
using StashAI.Visage.Gallery;

namespace StashAI.Visage.Tests.Gallery.Stores;

/// <summary>Generated changes by several processes, against a model of what the gallery must be.</summary>
public sealed class SharedGalleryModelTests(PostgresFixture postgres)
{
    private const int FaceNumbers = 12;

    private static readonly string[] Names = ["Ada", "Bob", "Cy", "Dee", "Eve"];

    private static readonly Gen<Step> Steps = Gen.Select(
        Gen.Int[0, 8], Gen.Int[0, 1], Gen.Int[0, Names.Length - 1], Gen.Int[0, 7], Gen.Int[0, 7], Gen.Int[0, FaceNumbers - 1].Array[0, 3],
        (kind, process, name, first, second, faces) => new Step(kind, process, Names[name], first, second, faces));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_process_sees_at_once_what_the_others_did(bool isDatabase) => await Steps.Array[30, 60].SampleAsync(
        async steps =>
        {
            await using GalleryHost host = isDatabase ? new DatabaseHost(postgres) : new FileHost();
            var galleries = new FaceGallery[host.Processes];
            for (var i = 0; i < galleries.Length; i++)
                galleries[i] = await host.OpenAsync();
            var model = new SortedDictionary<string, (Guid Id, SortedSet<int> Faces, SortedSet<int> Rejected)>(StringComparer.Ordinal);
            long version = 0;
            foreach (var step in steps)
            {
                var changed = await RunAsync(step, galleries[step.Process % galleries.Length], model);
                // The other one answers next.
                var known = await galleries[(step.Process + 1) % galleries.Length].CurrentAsync(Cancellation);
                Assert.True(changed ? known.Version > version : known.Version == Math.Max(version, 1), $"{step}");
                version = known.Version;
                AssertLike(model, known);
            }

            foreach (var gallery in galleries) gallery.Dispose();
            using var again = await host.OpenAsync();
            AssertLike(model, await again.CurrentAsync(Cancellation));
        },
        iter: 6,
        threads: 1);

    [Fact]
    public async Task Changes_of_two_processes_at_once_follow_each_other()
    {
        await using var host = new DatabaseHost(postgres);
        using var first = await host.OpenAsync();
        using var second = await host.OpenAsync();
        var before = (await first.CurrentAsync(Cancellation)).Version;

        var changes = await Task.WhenAll(ChangeAsync(first, 1), ChangeAsync(first, 2), ChangeAsync(second, 3), ChangeAsync(second, 4));

        using var third = await host.OpenAsync();
        var (one, two, read) =
            (await first.CurrentAsync(Cancellation), await second.CurrentAsync(Cancellation), await third.CurrentAsync(Cancellation));
        Assert.Equal(before + changes.Sum(), read.Version);
        Assert.Equal(read.Names().Select(NameKey.Of).Distinct(), read.Names().Select(NameKey.Of));
        Assert.Equal(await WriteAsync(third, read), await WriteAsync(first, one));
        Assert.Equal(await WriteAsync(third, read), await WriteAsync(second, two));
    }

    [Fact]
    public async Task A_face_is_found_at_every_moment_while_another_process_moves_it()
    {
        await using var host = new DatabaseHost(postgres);
        using var writing = await host.OpenAsync();
        using var reading = await host.OpenAsync();
        var ada = await writing.EnrolAsync(GalleryFaces.Named("Ada"), [GalleryFaces.Of(1)], Cancellation);
        var writer = Task.Run(
            async () =>
            {
                for (var i = 0; i < 60; i++)
                {
                    var next = await writing.EnrolAsync(GalleryFaces.Named($"Next {i}"), [GalleryFaces.Of(2)], Cancellation);
                    await writing.MergeAsync(next.Id, [ada!.Id], Cancellation);
                    ada = await writing.UpdateAsync(next.Id, new(null, $"{i}", null, null), Cancellation);
                }
            },
            Cancellation);

        var searches = 0;
        while (!writer.IsCompleted || searches == 0)
        {
            Assert.Single((await reading.CurrentAsync(Cancellation)).Search([GalleryFaces.Vector(1)], 0.9f, 10)[0]);
            searches++;
        }

        await writer;
        Assert.Equal("Next 59", Assert.Single((await reading.CurrentAsync(Cancellation)).Names()));
    }

    [Fact]
    public async Task A_restored_backup_is_noticed()
    {
        await using var host = new DatabaseHost(postgres);
        using var gallery = await host.OpenAsync();
        using var other = await host.OpenAsync();
        await other.EnrolAsync(GalleryFaces.Named("Ada"), [GalleryFaces.Of(1)], Cancellation);
        await other.EnrolAsync(GalleryFaces.Named("Bob"), [GalleryFaces.Of(2)], Cancellation);
        Assert.Equal(2, (await gallery.CurrentAsync(Cancellation)).PeopleCount);

        await using (var connection = new Npgsql.NpgsqlConnection(
            Storage.Postgres.Database.PostgresUrl.Parse(await host.UrlAsync()).ConnectionString))
        {
            await connection.OpenAsync(Cancellation);
            await using var restore = new Npgsql.NpgsqlCommand(
                "DELETE FROM visage_people WHERE name = 'Bob'; UPDATE visage_gallery SET version = 2", connection);
            await restore.ExecuteNonQueryAsync(Cancellation);
        }

        Assert.Equal(["Ada"], (await gallery.CurrentAsync(Cancellation)).Names());
        // A change begins with what is stored, too.
        await other.EnrolAsync(GalleryFaces.Named("bob"), [GalleryFaces.Of(3)], Cancellation);
        Assert.Equal(["Ada", "bob"], (await gallery.CurrentAsync(Cancellation)).Names());
        Assert.Empty(gallery.Known.Search([GalleryFaces.Vector(2)], 0.9f, 10)[0]);
    }

    /// <returns>How many of the calls changed the gallery.</returns>
    private static async Task<int> ChangeAsync(FaceGallery gallery, int seed)
    {
        var random = new Random(seed);
        var changes = 0;
        for (var i = 0; i < 60; i++)
        {
            var before = (await gallery.CurrentAsync(Cancellation)).List(100, 0);
            var (one, two) = before.Count == 0
                ? (Guid.NewGuid(), Guid.NewGuid())
                : (before[random.Next(before.Count)].Id, before[random.Next(before.Count)].Id);
            var details = GalleryFaces.Named(Names[random.Next(Names.Length)]);
            var face = GalleryFaces.Of(random.Next(FaceNumbers));
            try
            {
                changes += random.Next(7) switch
                {
                    0 => await gallery.EnrolAsync(details, [face], Cancellation) is not null,
                    // Rejections that it took back would change the gallery too, and it doesn't say whether there were any.
                    1 => await gallery.AddFacesAsync(one, [face], takesBack: false, Cancellation) is { Added: > 0 },
                    2 => await gallery.UpdateAsync(one, details, Cancellation) is not null,
                    3 => (await gallery.RejectAsync(one, [(face.Vector, $"{seed} {i}")], Cancellation)) is not null,
                    4 => one != two && (await gallery.MergeAsync(one, [two], Cancellation)).Person is not null,
                    5 => await SplitAsync(gallery, one, two, details.Name!),
                    _ => await gallery.DeleteAsync(one, Cancellation),
                } ? 1 : 0;
            }
            catch (NameTakenException)
            {
                // Another process was first.
            }
        }

        return changes;
    }

    /// <summary>Moves the first face of a person to another one, or to a new one.</summary>
    private static async Task<bool> SplitAsync(FaceGallery gallery, Guid one, Guid two, string name)
    {
        if (gallery.Known.Find(one) is not { } person) return false;
        if (await gallery.FacesOfAsync(person, Cancellation) is not [var face, ..]) return false;
        Guid? into = one == two ? null : two;
        return (await gallery.SplitAsync(one, [face.Id], into, into is null ? name : null, Cancellation)).Into is not null;
    }

    private static async Task<string> WriteAsync(FaceGallery gallery, KnownPeople known)
    {
        var lines = new List<string>();
        foreach (var person in known.List(1000, 0))
        {
            var faces = await gallery.ExportFacesAsync(person, Cancellation);
            // The memory has the faces that the store has.
            Assert.Equal(
                faces.Select(face => Array.IndexOf(face.Vector, 1)).Order(),
                known.VectorsOf(person).Select(vector => Array.IndexOf(vector, 1)).Order());
            lines.Add($"{person}: {string.Join(' ', faces.Select(face => $"{face.Id} {face.Source}"))}");
        }

        return string.Join('\n', lines);
    }

    /// <returns>Whether the gallery changed.</returns>
    private static async Task<bool> RunAsync(
        Step step, FaceGallery gallery, SortedDictionary<string, (Guid Id, SortedSet<int> Faces, SortedSet<int> Rejected)> model)
    {
        var faces = step.Faces.Select(number => GalleryFaces.Of(number)).ToList();
        var (first, second) = (At(step.First), At(step.Second));
        switch (step.Kind)
        {
            case 0 when model.ContainsKey(step.Name):
                await Assert.ThrowsAsync<NameTakenException>(() => gallery.EnrolAsync(GalleryFaces.Named(step.Name), faces, Cancellation));
                return false;
            case 0:
                var enrolled = await gallery.EnrolAsync(GalleryFaces.Named(step.Name), faces, Cancellation);
                model.Add(step.Name, (enrolled.Id, [.. step.Faces], []));
                return true;
            case 1 when first is null:
                return await gallery.AddFacesAsync(Guid.NewGuid(), faces, takesBack: true, Cancellation) is not null;
            case 1:
                var isNew = step.Faces.Distinct().Count(number => model[first].Faces.Add(number));
                Assert.Equal(isNew, (await gallery.AddFacesAsync(IdOf(first), faces, takesBack: true, Cancellation))!.Value.Added);
                var taken = model[first].Rejected.RemoveWhere(step.Faces.Contains);
                return isNew + taken > 0;
            case 2 when first is null:
                return await gallery.UpdateAsync(Guid.NewGuid(), GalleryFaces.Named(step.Name), Cancellation) is not null;
            case 2 when first != step.Name && model.ContainsKey(step.Name):
                await Assert.ThrowsAsync<NameTakenException>(
                    () => gallery.UpdateAsync(IdOf(first), GalleryFaces.Named(step.Name), Cancellation));
                return false;
            case 2:
                Assert.NotNull(await gallery.UpdateAsync(IdOf(first), GalleryFaces.Named(step.Name), Cancellation));
                model.Remove(first, out var renamed);
                model.Add(step.Name, renamed);
                return true;
            case 3:
                var isThere = await gallery.DeleteAsync(first is null ? Guid.NewGuid() : IdOf(first), Cancellation);
                Assert.Equal(first is not null, isThere);
                if (first is not null) model.Remove(first);
                return isThere;
            case 4 when first is null || second is null || first == second:
                return false;
            case 4:
                Assert.NotNull((await gallery.MergeAsync(IdOf(first), [IdOf(second)], Cancellation)).Person);
                // A face that was rejected for one and matches the other is theirs.
                var disproved = model[first].Rejected.Where(face => Matches(second, face))
                    .Concat(model[second].Rejected.Where(face => Matches(first, face))).ToList();
                model[first].Faces.UnionWith(model[second].Faces);
                model[first].Rejected.UnionWith(model[second].Rejected);
                model[first].Rejected.ExceptWith(disproved);
                model.Remove(second);
                return true;
            case 5 when first is not null && model[first].Faces.Count > 0:
                var number = model[first].Faces.ElementAt(step.Second % model[first].Faces.Count);
                var stored = await gallery.ExportFacesAsync(gallery.Known.Find(IdOf(first))!, Cancellation);
                Assert.True(await gallery.DeleteFaceAsync(
                    IdOf(first), stored.Single(face => face.Source == $"test:{number}").Id!.Value, Cancellation));
                model[first].Faces.Remove(number);
                return true;
            case 6 when first is not null && step.Faces.Length > 0:
                var rejected = await gallery.RejectAsync(
                    IdOf(first), [.. step.Faces.Select(face => (GalleryFaces.Vector(face), $"test:{face}"))], Cancellation);
                Assert.Equal(step.Faces.Length, rejected!.Count);
                var before = model[first].Rejected.Count;
                model[first].Rejected.UnionWith(step.Faces);
                return model[first].Rejected.Count > before;
            case 7 when first is not null && model[first].Rejected.Count > 0:
                var wrong = model[first].Rejected.ElementAt(step.Second % model[first].Rejected.Count);
                var rejections = await gallery.RejectionsOfAsync(gallery.Known.Find(IdOf(first))!, Cancellation);
                Assert.NotNull(await gallery.DeleteRejectionAsync(
                    IdOf(first), rejections.Single(one => one.Source == $"test:{wrong}").Id, Cancellation));
                return model[first].Rejected.Remove(wrong);
            case 8 when first is not null && model[first].Faces.Count > 0:
                return await SplitAsync(model[first].Faces.ElementAt(step.Second % model[first].Faces.Count));
            default:
                return false;
        }

        async Task<bool> SplitAsync(int moved)
        {
            var (id, into) = (IdOf(first!), second is null || second == first ? (Guid?)null : IdOf(second));
            var owned = await gallery.ExportFacesAsync(gallery.Known.Find(id)!, Cancellation);
            Guid[] chosen = [owned.Single(face => face.Source == $"test:{moved}").Id!.Value];
            if (into is null && model.ContainsKey(step.Name) && model[first!].Faces.Count > 1)
            {
                await Assert.ThrowsAsync<NameTakenException>(() => gallery.SplitAsync(id, chosen, null, step.Name, Cancellation));
                return false;
            }

            var outcome = await gallery.SplitAsync(id, chosen, into, into is null ? step.Name : null, Cancellation);
            Assert.Equal(model[first!].Faces.Count == 1, outcome.LeavesNone);
            if (outcome.LeavesNone) return false;
            model[first!].Faces.Remove(moved);
            if (into is null) model.Add(step.Name, (outcome.Into!.Id, [moved], []));
            else model[second!].Faces.Add(moved);
            // Somebody says now that it is of that person.
            if (into is not null) model[second!].Rejected.Remove(moved);
            return true;
        }

        bool Matches(string name, int face) => model[name].Faces.Contains(face) && !model[name].Rejected.Contains(face);

        string? At(int index) => index < model.Count ? model.Keys.ElementAt(index) : null;

        Guid IdOf(string name) => model[name].Id;
    }

    private static void AssertLike(
        SortedDictionary<string, (Guid Id, SortedSet<int> Faces, SortedSet<int> Rejected)> model, KnownPeople known)
    {
        Assert.Equal(model.Keys, known.Names().Order(StringComparer.Ordinal));
        Assert.Equal(model.Values.Sum(person => person.Faces.Count), known.FacesCount);
        foreach (var (name, person) in model) Assert.Equal(name, known.Find(person.Id)!.Name);
        for (var face = 0; face < FaceNumbers; face++)
        {
            var owners = known.Search([GalleryFaces.Vector(face)], 0.9f, 10)[0].Select(match => match.Person.Name);
            var expected = model.Where(person => person.Value.Faces.Contains(face) && !person.Value.Rejected.Contains(face));
            Assert.Equal(expected.Select(person => person.Key), owners.Order());
        }
    }

    private sealed record Step(int Kind, int Process, string Name, int First, int Second, int[] Faces);
}
