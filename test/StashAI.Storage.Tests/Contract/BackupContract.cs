using StashAI.Queue.Model.Nodes;

namespace StashAI.Storage.Tests.Contract;

/// <summary>What the queue keeps of its backups.</summary>
public abstract class BackupContract(IStoreHost host) : StoreContract(host)
{
    [Fact]
    public async Task The_newest_backup_its_check_and_the_failure_after_it_are_known()
    {
        var journal = await Host.OpenBackupsAsync(Cancellation);
        Assert.Equal(BackupState.None, (await ReadAsync()).StateAt(Clock.GetUtcNow()));

        await journal.RecordAsync(Failed("the disk is full"), Cancellation);
        Assert.Equal((null, "the disk is full"), ((await ReadAsync()).Last, (await ReadAsync()).Failure?.Error));

        var made = new RecordedBackup(
            "/mnt/nas/Sicherung ä", "attic", Clock.GetUtcNow(), null, Clock.GetUtcNow().AddSeconds(-5), 1L << 40, 0, HasQueue: true);
        await journal.RecordAsync(made, Cancellation);
        Assert.Equal(new BackupStanding(made, null), await ReadAsync());

        var checkedAt = Clock.GetUtcNow().AddMinutes(1);
        Assert.True(await journal.RecordCheckAsync(made.SnapshotAt!.Value, checkedAt, null, Cancellation));
        Assert.Equal((checkedAt, null), ((await ReadAsync()).Last!.CheckedAt, (await ReadAsync()).Last!.CheckError));
        Assert.Equal(BackupState.Good, (await ReadAsync()).StateAt(Clock.GetUtcNow()));
        Assert.Equal(BackupState.Old, (await ReadAsync()).StateAt(Clock.GetUtcNow() + BackupStanding.OldAfter));

        Assert.True(await journal.RecordCheckAsync(made.SnapshotAt.Value, checkedAt, "queue.db is altered", Cancellation));
        Assert.Equal(BackupState.Damaged, (await ReadAsync()).StateAt(Clock.GetUtcNow()));

        await journal.RecordAsync(Failed("no such folder"), Cancellation);
        var standing = await ReadAsync();
        Assert.Equal((made.Folder, "no such folder"), (standing.Last!.Folder, standing.Failure!.Error));
        Assert.Equal(BackupState.Failed, standing.StateAt(Clock.GetUtcNow()));
    }

    [Fact]
    public async Task Very_many_failures_do_not_push_out_the_last_backup_and_old_runs_go()
    {
        var journal = await Host.OpenBackupsAsync(Cancellation);
        var now = Clock.GetUtcNow();
        for (var i = 0; i < 3; i++)
            await journal.RecordAsync(new RecordedBackup($"/{i}", "a", now, null, now.AddMilliseconds(i), HasQueue: i < 2), Cancellation);
        Assert.Equal(BackupState.Incomplete, (await ReadAsync()).StateAt(now));
        for (var i = 0; i < 25; i++) await journal.RecordAsync(Failed($"{i}"), Cancellation);

        var standing = await ReadAsync();

        Assert.Equal(("/2", "24"), (standing.Last!.Folder, standing.Failure!.Error));
        // The first ones are forgotten.
        Assert.False(await journal.RecordCheckAsync(now, now, null, Cancellation));
        Assert.True(await journal.RecordCheckAsync(now.AddMilliseconds(2), now, null, Cancellation));
    }

    private static RecordedBackup Failed(string error) => new("/mnt/nas", "attic", DateTimeOffset.UnixEpoch, error);

    private Task<BackupStanding> ReadAsync() => Store.Backups.ReadBackupsAsync(Cancellation);
}
