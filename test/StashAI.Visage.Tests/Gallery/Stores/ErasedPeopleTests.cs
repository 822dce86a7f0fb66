using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Data.Sqlite;
using StashAI.Visage.Embedding;
using StashAI.Visage.Gallery;
using StashAI.Visage.Gallery.Sqlite;

namespace StashAI.Visage.Tests.Gallery.Stores;

/// <summary>The files of a gallery have no byte of people who were deleted.</summary>
public sealed class ErasedPeopleTests : IDisposable
{
    private const string Her = "AnneliseQuarrington";

    private static readonly byte[] HerPicture = [.. "9jAnnsFaceInSixteenBytes"u8];

    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        folder.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Nothing_of_somebody_who_was_deleted_is_in_a_file(int seed)
    {
        var random = new Random(seed);
        using var gallery = await OpenAsync();
        var hers = new List<Person>();
        var others = new List<Person>();
        for (var i = 0; i < 120; i++)
        {
            var isHer = i % 3 == 0;
            (isHer ? hers : others).Add(await EnrolAsync(gallery, $"{(isHer ? Her : "Somebody")}{i}", isHer, random));
        }

        // A merge moves faces, and a new name leaves the former one behind.
        await gallery.MergeAsync(hers[0].Id, [hers[1].Id], Cancellation);
        await gallery.UpdateAsync(hers[2].Id, GalleryFaces.Named($"{Her}Formerly{new string('x', 300)}"), Cancellation);
        Assert.NotEmpty(Holding());

        foreach (var her in hers)
        {
            await gallery.DeleteAsync(her.Id, Cancellation);
            // Others are changed in between.
            await EnrolAsync(gallery, $"Another{her.Id}", isHer: false, random);
        }

        Assert.Empty(Holding());
        Assert.Equal(others.Count + hers.Count, (await gallery.CurrentAsync(Cancellation)).PeopleCount);
        Assert.Equal("ok", Check());
    }

    /// <summary>The person is gone then, and what is left of her bytes is not.</summary>
    [Fact]
    public async Task What_a_process_left_that_ended_in_between_is_overwritten_at_the_next_start_or_request()
    {
        Person her;
        using (var gallery = await OpenAsync())
        {
            her = await EnrolAsync(gallery, Her, isHer: true, new Random(5));
            for (var i = 0; i < 40; i++) await EnrolAsync(gallery, $"Somebody{i}", isHer: false, new Random(i));
        }

        Remove(her);
        Assert.NotEmpty(Holding());
        (await OpenAsync()).Dispose();
        Assert.Empty(Holding());

        using var again = await OpenAsync();
        var twin = await EnrolAsync(again, Her, isHer: true, new Random(6));
        Remove(twin);
        Assert.True(await again.DeleteAsync(twin.Id, Cancellation));
        Assert.Empty(Holding());
        Assert.False(await again.DeleteAsync(her.Id, Cancellation));
    }

    private async Task<FaceGallery> OpenAsync()
    {
        var store = new SqliteGalleryStore(folder.Path);
        await store.OpenAsync(Cancellation);
        return new FaceGallery(store, TimeProvider.System);
    }

    private static Task<Person> EnrolAsync(FaceGallery gallery, string name, bool isHer, Random random)
    {
        var faces = Enumerable.Range(0, random.Next(1, 5)).Select(_ =>
        {
            var vector = new float[FaceEmbedding.Dimensions];
            vector.AsSpan().Fill(isHer ? BitConverter.Int32BitsToSingle(0x3d1b2c3d) : 0.04f);
            var jpeg = new byte[random.Next(30, 9000)];
            for (var i = 0; i < jpeg.Length; i++) jpeg[i] = isHer ? HerPicture[i % HerPicture.Length] : (byte)1;
            return new GalleryFace(vector, 4, jpeg, $"{name}:{random.Next()}");
        });
        return gallery.EnrolAsync(GalleryFaces.Named(name), [.. faces], Cancellation);
    }

    /// <summary>Deletes a person as a process does that ends before its scrub, and an earlier version did.</summary>
    private void Remove(Person person)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder.Path, SqliteGalleryStore.FileName)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            PRAGMA foreign_keys = ON;
            BEGIN;
            DELETE FROM people WHERE id = '{person.Id}';
            UPDATE gallery SET is_scrubbed = 0;
            COMMIT;
            """;
        command.ExecuteNonQuery();
    }

    private List<string> Holding()
    {
        var embedding = MemoryMarshal.AsBytes(new[] { 0x3d1b2c3d, 0x3d1b2c3d }.AsSpan()).ToArray();
        List<byte[]> wanted = [Encoding.UTF8.GetBytes(Her), HerPicture, embedding];
        var holding = new List<string>();
        foreach (var path in Directory.EnumerateFiles(folder.Path, "visage.db*"))
        {
            if (path.EndsWith("-shm", StringComparison.Ordinal)) continue;
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var data = new byte[file.Length];
            file.ReadExactly(data);
            holding.AddRange(wanted.Where(bytes => data.AsSpan().IndexOf(bytes) >= 0).Select(_ => Path.GetFileName(path)));
        }

        return holding;
    }

    private string Check()
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder.Path, SqliteGalleryStore.FileName)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        return (string)command.ExecuteScalar()!;
    }
}
