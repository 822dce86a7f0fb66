using Microsoft.Extensions.Time.Testing;
using StashAI.Storage.Postgres.Database;
using StashAI.Testing.Postgres;
using StashAI.Visage.Gallery;
using StashAI.Visage.Gallery.Postgres;
using StashAI.Visage.Gallery.Sqlite;
using StashAI.Visage.Settings;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace StashAI.Visage.Tests.Gallery.Stores;

/// <summary>One stored gallery that galleries in memory are opened on, as processes do.</summary>
public abstract class GalleryHost : IAsyncDisposable
{
    private readonly FakeTimeProvider clock = new(DateTimeOffset.UnixEpoch.AddYears(50));

    /// <summary>How many may have it open at once.</summary>
    public abstract int Processes { get; }

    internal abstract Task<IGalleryStore> PrepareAsync();

    internal async Task<FaceGallery> OpenAsync()
    {
        var store = await PrepareAsync();
        await store.OpenAsync(TestContext.Current.CancellationToken);
        return new(store, clock);
    }

    public abstract ValueTask DisposeAsync();
}

/// <summary>A file.</summary>
public sealed class FileHost : GalleryHost
{
    private readonly TemporaryFolder folder = new();

    public override int Processes => 1;

    internal override Task<IGalleryStore> PrepareAsync() => Task.FromResult<IGalleryStore>(new SqliteGalleryStore(folder.Path));

    public override ValueTask DisposeAsync()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>A database of the private cluster, directly or through a PgBouncer that gives each transaction another session.</summary>
public sealed class DatabaseHost(PostgresFixture postgres, bool isPooled = false) : GalleryHost
{
    private string? url;

    public override int Processes => 2;

    internal override async Task<IGalleryStore> PrepareAsync() => new PostgresGalleryStore(Database(await UrlAsync()));

    public async Task<string> UrlAsync()
    {
        if (url is not null) return url;
        var database = await postgres.CreateDatabaseAsync(TestContext.Current.CancellationToken);
        return url = isPooled
            ? (await postgres.PoolerAsync("transaction", TestContext.Current.CancellationToken)).Url(database)
            : database.Url;
    }

    public static GalleryDatabase Database(string url)
    {
        var access = PostgresAccess.Prepare(url, "stashai-visage", 8);
        return new(access.Name, access.Source, access.Settings);
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
