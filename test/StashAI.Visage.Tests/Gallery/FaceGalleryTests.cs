using Microsoft.Extensions.Time.Testing;
using StashAI.Visage.Gallery;
using StashAI.Visage.Gallery.Sqlite;

namespace StashAI.Visage.Tests.Gallery;

public sealed class FaceGalleryTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Dispose();
    }

    [Fact]
    public async Task Enrolled_people_remain_after_a_restart()
    {
        Person ada;
        using (var gallery = await OpenAsync())
        {
            ada = await gallery.EnrolAsync(Named("Ada"), [Face(1), Face(2)], TestContext.Current.CancellationToken);
            await gallery.EnrolAsync(Named("Bob"), [Face(3)], TestContext.Current.CancellationToken);
        }

        using var again = await OpenAsync();

        Assert.Equal((2, 3), ((await again.CurrentAsync(Cancellation)).PeopleCount, (await again.CurrentAsync(Cancellation)).FacesCount));
        var match = Assert.Single(Assert.Single((await again.CurrentAsync(Cancellation)).Search([Vector(2)], 0.9f, 10)));
        Assert.Equal(ada, match.Person);
        Assert.Equal(1f, match.Cosine, 1e-4f);
        Assert.Equal(1, match.Hits);
    }

    [Fact]
    public async Task Two_spellings_that_an_earlier_version_took_for_two_people_can_be_changed_and_merged()
    {
        Guid first, second;
        using (var gallery = await OpenAsync())
        {
            first = (await gallery.EnrolAsync(Named("Jos\u00e9"), [Face(1)], TestContext.Current.CancellationToken)).Id;
            second = (await gallery.EnrolAsync(Named("other"), [Face(2)], TestContext.Current.CancellationToken)).Id;
            await Assert.ThrowsAsync<NameTakenException>(
                () => gallery.EnrolAsync(Named("Jose\u0301"), [Face(3)], TestContext.Current.CancellationToken));
        }

        using (var file = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(folder.Path, "visage.db")}"))
        {
            file.Open();
            using var old = file.CreateCommand();
            old.CommandText = "UPDATE people SET name_key = 'JOS\u00c9' WHERE name = 'Jos\u00e9'; UPDATE people SET name = 'Jose\u0301', "
                + "name_key = 'JOSE\u0301' WHERE name = 'other'";
            old.ExecuteNonQuery();
        }

        using var again = await OpenAsync();
        Assert.Equal(first, (await again.CurrentAsync(Cancellation)).FindByName("JOSE\u0301")!.Id);
        Assert.Equal(2, (await again.CurrentAsync(Cancellation)).Matching("jos\u00e9").Count);
        var renamed = await again.UpdateAsync(second, Named("JOS\u00c9") with { Country = "ES" }, TestContext.Current.CancellationToken);
        Assert.Equal(("JOS\u00c9", "ES"), (renamed!.Name, renamed.Country));
        Assert.NotNull((await again.MergeAsync(second, [first], TestContext.Current.CancellationToken)).Person);
        Assert.Equal(second, (await again.CurrentAsync(Cancellation)).FindByName("Jos\u00e9")!.Id);
    }

    [Fact]
    public async Task A_folder_serves_one_service_at_a_time()
    {
        using var first = await OpenAsync();
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(OpenAsync);
        Assert.Contains("Another Visage process uses", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_persons_faces_are_gone_from_file_and_memory()
    {
        using var gallery = await OpenAsync();
        var ada = await gallery.EnrolAsync(Named("Ada"), [Face(1)], TestContext.Current.CancellationToken);
        await gallery.EnrolAsync(Named("Bob"), [Face(2)], TestContext.Current.CancellationToken);

        Assert.True(await gallery.DeleteAsync(ada.Id, TestContext.Current.CancellationToken));

        Assert.Empty(await gallery.FacesOfAsync(ada, Cancellation));
        Assert.Null(await gallery.PictureOfAsync(ada, Cancellation));
        Assert.Equal(
            "Bob", Assert.Single(Assert.Single((await gallery.CurrentAsync(Cancellation)).Search([Vector(1)], -2, 10))).Person.Name);
        await gallery.EnrolAsync(Named("ada"), [Face(1)], TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Search_agrees_with_a_plain_loop_over_many_blocks_and_after_many_removals()
    {
        var index = new VectorIndex();
        for (var person = 1; person <= 5000; person++)
            Change(index, edit => edit.Add(person, Vector(person)));
        for (var person = 1; person <= 5000; person++)
        {
            if (person % 3 != 0)
                Change(index, edit => edit.Remove(person));
        }

        Assert.Equal(1666, index.Count);
        Assert.All([3, 999, 3000, 4998], person => Assert.Equal(person, Assert.Single(index.Search([Vector(person)], 0.9f)[0]).Key));
        Assert.All([1, 1000, 4999], person => Assert.Empty(index.Search([Vector(person)], 0.9f)[0]));
        Assert.Equal(1666, index.Search([Vector(1)], -2)[0].Count);
    }

    [Fact]
    public async Task Searching_while_people_come_and_go_never_sees_half_a_person()
    {
        var index = new VectorIndex();
        Change(index, edit => edit.Add(1, Vector(1)));
        var writer = Task.Run(
            () =>
            {
                for (var person = 2; person < 6000; person++)
                {
                    Change(index, edit => edit.Add(person, Vector(person)));
                    if (person % 2 == 0)
                        Change(index, edit => edit.Remove(person));
                }
            },
            TestContext.Current.CancellationToken);

        var searches = 0;
        while (!writer.IsCompleted || searches == 0)
        {
            var found = Assert.Single(index.Search([Vector(1)], 0.9f)[0]);
            Assert.Equal(1, found.Key);
            Assert.Equal(1f, found.Value.Best, 1e-4f);
            searches++;
        }

        await writer;
    }

    [Fact]
    public async Task A_face_is_found_at_every_moment_while_its_person_is_changed_and_merged()
    {
        using var gallery = await OpenAsync();
        var ada = await gallery.EnrolAsync(Named("Ada"), [Face(1)], TestContext.Current.CancellationToken);
        var writer = Task.Run(
            async () =>
            {
                for (var i = 0; i < 150; i++)
                {
                    // The next Ada takes over the face of the previous one.
                    var next = await gallery.EnrolAsync(Named($"Next {i}"), [Face(1000 + i)], TestContext.Current.CancellationToken);
                    await gallery.MergeAsync(next.Id, [ada!.Id], TestContext.Current.CancellationToken);
                    await gallery.DeleteFaceAsync(
                        next.Id, (await gallery.FacesOfAsync(next, Cancellation))[^1].Id, TestContext.Current.CancellationToken);
                    ada = await gallery.UpdateAsync(next.Id, new(null, $"{i}", null, null), TestContext.Current.CancellationToken);
                }
            },
            TestContext.Current.CancellationToken);

        var searches = 0;
        while (!writer.IsCompleted || searches == 0)
        {
            Assert.Single(Assert.Single((await gallery.CurrentAsync(Cancellation)).Search([Vector(1)], 0.9f, 10)));
            searches++;
        }

        await writer;
        Assert.Equal(
            (1, 1), ((await gallery.CurrentAsync(Cancellation)).PeopleCount, (await gallery.CurrentAsync(Cancellation)).FacesCount));
    }

    [Fact]
    public async Task A_person_can_be_found_by_name_at_every_moment_of_a_change()
    {
        using var gallery = await OpenAsync();
        var ada = await gallery.EnrolAsync(Named("Ada"), [Face(1)], TestContext.Current.CancellationToken);
        var writer = Task.Run(
            async () =>
            {
                for (var i = 0; i < 300; i++)
                    await gallery.UpdateAsync(ada.Id, new(null, $"{i}", null, null), TestContext.Current.CancellationToken);
            },
            TestContext.Current.CancellationToken);

        while (!writer.IsCompleted)
            Assert.NotNull((await gallery.CurrentAsync(Cancellation)).FindByName("ada"));
        await writer;
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static PersonDetails Named(string name) => new(name, null, null, null);

    private static GalleryFace Face(int seed) => new(Vector(seed), 4, [0xFF, 0xD8], $"test:{seed}");

    /// <summary>Random vectors in 512 dimensions are almost orthogonal.</summary>
    private static float[] Vector(int seed)
    {
        var random = new Random(seed);
        var vector = Enumerable.Range(0, 512).Select(_ => random.NextSingle() - 0.5f).ToArray();
        var length = MathF.Sqrt(vector.Sum(value => value * value));
        return [.. vector.Select(value => value / length)];
    }

    private static void Change(VectorIndex index, Action<VectorIndex.Edit> change)
    {
        var edit = index.BeginEdit();
        change(edit);
        edit.Commit();
    }

    private async Task<FaceGallery> OpenAsync()
    {
        var store = new SqliteGalleryStore(folder.Path);
        await store.OpenAsync(TestContext.Current.CancellationToken);
        return new(store, new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50)));
    }
}
