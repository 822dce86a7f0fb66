using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Maintenance;
using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Store;

namespace StashAI.Queue.Tests.Maintenance;

public sealed class StorageWatchTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_room_and_backups_are_read_each_time_and_the_size_of_the_database_every_ten_minutes()
    {
        var clock = new FakeTimeProvider();
        var (sizes, room) = (new ScriptedSizes(), new DiskRoom(5_000_000_000, 10_000_000_000));
        using var metrics = new QueueMetrics(null);
        var watch = new StorageWatch(sizes, sizes, () => room, 2_000_000_000, metrics, clock, NullLogger.Instance);

        await watch.RunOnceAsync(Cancellation);
        Assert.Equal((room, null), (watch.State.Room, watch.State.Warning));
        Assert.Equal(1, watch.State.Sizes!.Database);

        clock.Advance(TimeSpan.FromMinutes(5));
        room = room with { Free = 1_500_000_000 };
        var low = clock.GetUtcNow();
        sizes.Backup = new RecordedBackup("/backup", "host", low, SnapshotAt: low, HasQueue: true);
        await watch.RunOnceAsync(Cancellation);
        Assert.Equal(sizes.Backup, watch.State.Backups!.Last);
        Assert.Equal((1, low), (watch.State.Sizes.Database, watch.State.LowSince));
        Assert.Contains("1.5 GB free of 10.0 GB, less than the 2.0 GB of DISK_LOW_BYTES", watch.State.Warning, StringComparison.Ordinal);

        clock.Advance(TimeSpan.FromMinutes(6));
        await watch.RunOnceAsync(Cancellation);
        Assert.Equal((2, low), (watch.State.Sizes.Database, watch.State.LowSince));

        room = room with { Free = 2_000_000_000 };
        await watch.RunOnceAsync(Cancellation);
        Assert.Equal((null, (DateTimeOffset?)null), (watch.State.Warning, watch.State.LowSince));
    }

    [Fact]
    public async Task A_database_that_cannot_tell_its_size_hides_nothing_of_the_disk()
    {
        var sizes = new ScriptedSizes { Fails = true };
        using var metrics = new QueueMetrics(null);
        var watch = new StorageWatch(sizes, sizes, () => new DiskRoom(1, 10), 2, metrics, TimeProvider.System, NullLogger.Instance);

        await Assert.ThrowsAsync<IOException>(() => watch.RunOnceAsync(Cancellation));

        Assert.NotNull(watch.State.Warning);
    }

    [Fact]
    public void The_disk_of_a_folder_has_a_size_and_one_that_is_not_there_has_none_or_its_parents()
    {
        var room = StorageWatch.RoomOf(Path.GetTempPath())!;
        Assert.InRange(room.Free, 0, room.Total);
        var unknown = StorageWatch.RoomOf(Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}"));
        Assert.True(unknown is null || unknown.Total > 0);
    }

    private sealed class ScriptedSizes : IStoreSizes, IBackups
    {
        private int reads;

        public bool Fails { get; init; }

        public RecordedBackup? Backup { get; set; }

        public Task<StoreSizes> ReadSizesAsync(CancellationToken cancellationToken) => Fails
            ? Task.FromException<StoreSizes>(new IOException("away"))
            : Task.FromResult(new StoreSizes("sqlite", "3", "0001", ++reads, null, 0, 0, 0));

        public Task<BackupStanding> ReadBackupsAsync(CancellationToken cancellationToken) => Fails
            ? Task.FromException<BackupStanding>(new IOException("away"))
            : Task.FromResult(new BackupStanding(Backup, null));
    }
}
