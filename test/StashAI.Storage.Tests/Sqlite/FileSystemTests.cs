using StashAI.Queue.Store;
using StashAI.Storage.Sqlite;
using StashAI.Storage.Sqlite.Database;
using StashAI.Testing.Files;

namespace StashAI.Storage.Tests.Sqlite;

public sealed class FileSystemTests
{
    private const string Mounts = """
        22 1 259:2 / / rw,relatime shared:1 - ext4 /dev/root rw
        30 22 0:26 / /proc rw - proc proc rw
        40 22 0:40 / /srv/share rw,relatime shared:9 - nfs4 nas:/export rw,vers=4.2
        41 22 0:41 / /srv/share/local rw - xfs /dev/sdb1 rw
        42 22 0:42 / /mnt/win rw - cifs //pc/share rw
        43 22 0:43 / /mnt/my\040disk\134\303\244 rw master:2 - fuse.sshfs me@host: rw
        44 22 0:44 / /mnt/vm rw - virtiofs shared rw
        45 22 0:45 / /mnt/nine rw - 9p host rw
        46 22 0:46 / /mnt/over rw - nfs nas:/a rw
        47 46 0:47 / /mnt/over rw - ext4 /dev/sdc1 rw
        48 22 0:48 / /mnt/ntfs rw - fuseblk /dev/sdd1 rw
        broken line
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/var/lib/queue.db", null)]
    [InlineData("/srv/share/data/queue.db", "nfs4")]
    [InlineData("/srv/shared/queue.db", null)]
    [InlineData("/srv/share/local/queue.db", null)]
    [InlineData("/mnt/win/queue.db", "cifs")]
    [InlineData("/mnt/my disk\\ä/queue.db", "fuse.sshfs")]
    [InlineData("/mnt/vm/queue.db", "virtiofs")]
    [InlineData("/mnt/nine/queue.db", "9p")]
    [InlineData("/mnt/over/queue.db", null)]
    [InlineData("/mnt/ntfs/queue.db", "fuseblk")]
    public void The_mount_that_a_file_is_on_decides(string path, string? refused) =>
        Assert.Equal(refused, SqliteFileSystem.FindUnsuitable(Mounts, path));

    [Fact]
    public void A_local_folder_is_taken_and_a_link_is_followed_to_where_it_leads()
    {
        using var folder = new TempFolder();
        Directory.CreateSymbolicLink(folder.File("link"), "/proc");

        Assert.Null(SqliteFileSystem.Refusal(folder.File("queue.db")));
        Assert.Null(SqliteFileSystem.Refusal(folder.File("link/queue.db")));
    }

    [Fact]
    public async Task A_read_only_folder_is_named_with_the_way_out()
    {
        await using var disk = await SmallDisk.MountAsync(4, Cancellation);
        var settings = new SqliteSettings { Path = disk.File("queue.db") };
        await disk.RemountAsync(readOnly: true, Cancellation);
        var empty = await Assert.ThrowsAsync<StoreOpenException>(() => SqliteStore.OpenAsync(settings, Cancellation));
        await disk.RemountAsync(readOnly: false, Cancellation);
        await (await SqliteStore.OpenAsync(settings, Cancellation)).DisposeAsync();
        await disk.RemountAsync(readOnly: true, Cancellation);

        var existing = await Assert.ThrowsAsync<StoreOpenException>(() => SqliteStore.OpenAsync(settings, Cancellation));

        Assert.All([empty, existing], error =>
        {
            Assert.True(error.IsSetting);
            Assert.Contains($"{settings.Path} cannot be written", error.Message, StringComparison.Ordinal);
            Assert.Contains("QUEUE_DB_PATH", error.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_full_disk_and_a_file_that_is_no_database_are_told_apart()
    {
        await using var disk = await SmallDisk.MountAsync(4, Cancellation);
        StoreOpenException full;
        using (disk.Fill())
        {
            full = await Assert.ThrowsAsync<StoreOpenException>(
                () => SqliteStore.OpenAsync(new SqliteSettings { Path = disk.File("queue.db") }, Cancellation));
        }

        await File.WriteAllTextAsync(disk.File("notes.txt"), new string('x', 5000), Cancellation);

        var other = await Assert.ThrowsAsync<StoreOpenException>(
            () => SqliteStore.OpenAsync(new SqliteSettings { Path = disk.File("notes.txt") }, Cancellation));

        Assert.Contains("is full", full.Message, StringComparison.Ordinal);
        Assert.False(full.IsSetting);
        Assert.Contains("not a SQLite database", other.Message, StringComparison.Ordinal);
    }
}
