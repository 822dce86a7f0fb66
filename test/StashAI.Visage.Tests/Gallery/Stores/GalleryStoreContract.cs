using StashAI.Visage.Gallery;

namespace StashAI.Visage.Tests.Gallery.Stores;

/// <summary>What every store of a gallery does.</summary>
public abstract class GalleryStoreContract(GalleryHost host) : IAsyncDisposable
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Everything_about_a_person_remains_when_the_gallery_is_opened_again()
    {
        Person ada;
        using (var gallery = await host.OpenAsync())
        {
            ada = await gallery.EnrolAsync(
                new("Ada \ud83d\ude00 \u0639", "\u010cesko", "https://example.org/\u00e9", ""),
                [GalleryFaces.Of(1, quality: 2), GalleryFaces.Of(2, quality: 5)], Cancellation);
            await gallery.EnrolAsync(GalleryFaces.Named("Bob"), [GalleryFaces.Of(3) with { Jpeg = null }], Cancellation);
            await gallery.RejectAsync(ada.Id, [(GalleryFaces.Vector(8), "test:8"), (GalleryFaces.Vector(9), "test:9")], Cancellation);
        }

        using var again = await host.OpenAsync();
        var known = await again.CurrentAsync(Cancellation);

        Assert.Equal((2, 3), (known.PeopleCount, known.FacesCount));
        Assert.Equal(ada, known.Find(ada.Id));
        Assert.Equal(ada, Assert.Single(known.Search([GalleryFaces.Vector(2)], 0.9f, 10)[0]).Person);
        Assert.Equal([0xFF, 0xD8, 2], await again.PictureOfAsync(ada, Cancellation));
        Assert.Null(await again.PictureOfAsync(known.FindByName("bob")!, Cancellation));
        var faces = await again.ExportFacesAsync(ada, Cancellation);
        Assert.Equal(GalleryFaces.Vector(1), faces[0].Vector);
        Assert.Equal(["test:1", "test:2"], faces.Select(face => face.Source));
        Assert.Equal([(8, "test:8"), (9, "test:9")], (await again.RejectionsOfAsync(ada, Cancellation))
            .Select(rejection => (Array.IndexOf(rejection.Vector, 1), rejection.Source)));
        Assert.True(known.IsRejected(ada, GalleryFaces.Vector(9), 0.5f));
        var stored = await again.FacesOfAsync(ada, Cancellation);
        Assert.Equal(faces.Select(face => face.Id), stored.Select(face => (Guid?)face.Id));
        Assert.Equal([0xFF, 0xD8, 1], await again.PictureOfAsync(ada, stored[0].Id, Cancellation));
        Assert.Equal(2, (await again.CountFacesAsync([ada], Cancellation))[ada.Key]);
    }

    [Fact]
    public async Task The_version_grows_with_each_change_and_with_nothing_else()
    {
        using var gallery = await host.OpenAsync();
        await gallery.CurrentAsync(Cancellation);
        var ada = await GrowsAsync(() => gallery.EnrolAsync(GalleryFaces.Named("Ada"), [GalleryFaces.Of(1)], Cancellation));
        var bob = await GrowsAsync(() => gallery.EnrolAsync(GalleryFaces.Named("Bob"), [], Cancellation));
        IReadOnlyList<GalleryFace> faces = [GalleryFaces.Of(1), GalleryFaces.Of(2), GalleryFaces.Of(2)];
        await GrowsAsync(() => gallery.AddFacesAsync(bob.Id, faces, takesBack: true, Cancellation));
        await GrowsAsync(() => gallery.UpdateAsync(bob.Id, GalleryFaces.Named("Bo"), Cancellation));
        await StaysAsync(async () =>
        {
            Assert.Equal(0, (await gallery.AddFacesAsync(ada.Id, [GalleryFaces.Of(1)], takesBack: true, Cancellation))!.Value.Added);
            await Assert.ThrowsAsync<NameTakenException>(() => gallery.EnrolAsync(GalleryFaces.Named("ADA"), [], Cancellation));
            await Assert.ThrowsAsync<NameTakenException>(() => gallery.UpdateAsync(bob.Id, GalleryFaces.Named("ada"), Cancellation));
            Assert.False(await gallery.DeleteAsync(Guid.NewGuid(), Cancellation));
            Assert.False(await gallery.DeleteFaceAsync(ada.Id, Guid.NewGuid(), Cancellation));
            Assert.Null((await gallery.MergeAsync(ada.Id, [bob.Id, Guid.NewGuid()], Cancellation)).Person);
            Assert.Null(await gallery.AddFacesAsync(Guid.NewGuid(), [GalleryFaces.Of(1)], takesBack: true, Cancellation));
        });
        var rejected = (await GrowsAsync(() => gallery.RejectAsync(ada.Id, [(GalleryFaces.Vector(9), "test:9")], Cancellation)))!;
        await StaysAsync(() => gallery.RejectAsync(ada.Id, [(GalleryFaces.Vector(9), "test:9")], Cancellation));
        await GrowsAsync(() => gallery.DeleteRejectionAsync(ada.Id, rejected[0].Id, Cancellation));
        await StaysAsync(() => gallery.DeleteRejectionAsync(ada.Id, rejected[0].Id, Cancellation));
        await GrowsAsync(() => gallery.RejectAsync(ada.Id, [(GalleryFaces.Vector(1), "test:r")], Cancellation));
        await GrowsAsync(() => gallery.AddFacesAsync(ada.Id, [GalleryFaces.Of(1)], takesBack: true, Cancellation));
        await GrowsAsync(() => gallery.MergeAsync(ada.Id, [bob.Id], Cancellation));
        var owned = await gallery.FacesOfAsync(ada, Cancellation);
        await StaysAsync(async () =>
        {
            Assert.True((await gallery.SplitAsync(ada.Id, [owned[0].Id, owned[1].Id], null, "Eve", Cancellation)).LeavesNone);
            var unknown = Guid.NewGuid();
            Assert.Equal(unknown, (await gallery.SplitAsync(ada.Id, [unknown], null, "Eve", Cancellation)).UnknownFace);
            Assert.Equal(unknown, (await gallery.SplitAsync(ada.Id, [owned[0].Id], unknown, null, Cancellation)).UnknownPerson);
            Assert.Equal(unknown, (await gallery.SplitAsync(unknown, [owned[0].Id], null, "Eve", Cancellation)).UnknownPerson);
            await Assert.ThrowsAsync<NameTakenException>(() => gallery.SplitAsync(ada.Id, [owned[0].Id], null, "ADA", Cancellation));
        });
        var eve = (await GrowsAsync(() => gallery.SplitAsync(ada.Id, [owned[1].Id], null, " Eve ", Cancellation))).Into!;
        Assert.Equal(("Eve", owned[1].Id), (eve.Name, Assert.Single(await gallery.FacesOfAsync(eve, Cancellation)).Id));
        await GrowsAsync(() => gallery.MergeAsync(ada.Id, [eve.Id], Cancellation));
        Assert.Equal((1, 2), (gallery.Known.PeopleCount, gallery.Known.FacesCount));
        var face = (await gallery.FacesOfAsync(ada, Cancellation))[0].Id;
        await GrowsAsync(() => gallery.DeleteFaceAsync(ada.Id, face, Cancellation));
        Assert.Empty(gallery.Known.Search([GalleryFaces.Vector(1)], 0.9f, 10)[0]);
        await GrowsAsync(() => gallery.DeleteAsync(ada.Id, Cancellation));
        var last = gallery.Version;
        using var again = host.Processes > 1 ? await host.OpenAsync() : null;
        Assert.Equal(last, again is null ? last : (await again.CurrentAsync(Cancellation)).Version);

        async Task<T> GrowsAsync<T>(Func<Task<T>> change)
        {
            var before = gallery.Version;
            var result = await change();
            Assert.True(gallery.Version > before);
            return result;
        }

        async Task StaysAsync(Func<Task> calls)
        {
            var before = gallery.Version;
            await calls();
            Assert.Equal(before, (await gallery.CurrentAsync(Cancellation)).Version);
        }
    }

    [Fact]
    public async Task A_person_goes_with_the_last_face_where_nothing_else_is_known_of_them()
    {
        using var gallery = await host.OpenAsync();
        var bob = await gallery.EnrolAsync(GalleryFaces.Named("Bob"), [GalleryFaces.Of(1), GalleryFaces.Of(2)], Cancellation);
        var eve = await gallery.EnrolAsync(new("Eve", "NO", null, null), [GalleryFaces.Of(3)], Cancellation);
        await gallery.RejectAsync(bob.Id, [(GalleryFaces.Vector(9), "test:9")], Cancellation);
        foreach (var person in (Person[])[bob, eve])
        {
            foreach (var face in await gallery.FacesOfAsync(person, Cancellation))
            {
                Assert.NotNull((await gallery.CurrentAsync(Cancellation)).Find(person.Id));
                Assert.True(await gallery.DeleteFaceAsync(person.Id, face.Id, Cancellation, withPerson: true));
            }
        }

        // Of Eve a country is known, so that she stays without a face.
        using var again = host.Processes > 1 ? await host.OpenAsync() : null;
        foreach (var one in (FaceGallery[])[gallery, again ?? gallery])
        {
            var known = await one.CurrentAsync(Cancellation);
            Assert.Equal((1, 0), (known.PeopleCount, known.FacesCount));
            Assert.NotNull(known.Find(eve.Id));
        }

        Assert.Empty((await gallery.CurrentAsync(Cancellation)).Search([GalleryFaces.Vector(1)], 0.9f, 10)[0]);
        await gallery.EnrolAsync(GalleryFaces.Named("Bob"), [GalleryFaces.Of(1)], Cancellation);
    }

    [Fact]
    public async Task A_change_that_is_not_committed_leaves_nothing()
    {
        using var gallery = await host.OpenAsync();
        var ada = await gallery.EnrolAsync(GalleryFaces.Named("Ada"), [GalleryFaces.Of(1)], Cancellation);
        using var aborted = new CancellationTokenSource();
        await aborted.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => gallery.EnrolAsync(GalleryFaces.Named("Bob"), [GalleryFaces.Of(2)], aborted.Token));
        // A face whose id is taken cannot be stored; the person of the same change is not stored either.
        var taken = (await gallery.FacesOfAsync(ada, Cancellation))[0].Id;
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(
            () => gallery.EnrolAsync(GalleryFaces.Named("Bob"), [GalleryFaces.Of(3) with { Id = taken }], Cancellation));

        var known = await gallery.CurrentAsync(Cancellation);
        Assert.Equal((1, 1), (known.PeopleCount, known.FacesCount));
        await gallery.EnrolAsync(GalleryFaces.Named("Bob"), [GalleryFaces.Of(2)], Cancellation);
        Assert.Equal("Bob", Assert.Single(known.Search([GalleryFaces.Vector(2)], 0.9f, 10)[0]).Person.Name);
        Assert.Empty(known.Search([GalleryFaces.Vector(3)], 0.9f, 10)[0]);
    }
}

public sealed class FileGalleryStoreTests() : GalleryStoreContract(new FileHost());

public sealed class DatabaseGalleryStoreTests(StashAI.Testing.Postgres.PostgresFixture postgres)
    : GalleryStoreContract(new DatabaseHost(postgres));

public sealed class PooledGalleryStoreTests(StashAI.Testing.Postgres.PostgresFixture postgres)
    : GalleryStoreContract(new DatabaseHost(postgres, isPooled: true));
