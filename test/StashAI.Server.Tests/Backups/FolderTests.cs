using StashAI.Server.Backups;
using StashAI.Server.Exits;
using StashAI.Testing.Processes;

namespace StashAI.Server.Tests.Backups;

/// <summary>What a run does to the backup that its folder has.</summary>
public sealed class FolderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_backup_is_valid_also_when_what_was_before_it_cannot_be_removed()
    {
        await using var queue = await BackedUpQueue.OpenAsync();
        var first = await queue.SubmitAsync(1);
        await queue.BackUpAsync();
        var second = await queue.SubmitAsync(2);
        await queue.RemoveAsync(first);
        // Where a file system is mounted, no folder can be removed.
        var mount = Directory.CreateDirectory(Path.Combine(queue.Backup, "content-old")).FullName;
        if (!await TryRunAsync("mount", "-t", "tmpfs", "tmpfs", mount)) Assert.Skip("Mounting takes root on Linux.");
        try
        {
            var outcome = await queue.BackUpAsync();

            Assert.NotNull(outcome.Leftover);
            Assert.Empty(await queue.VerifyAsync());
        }
        finally
        {
            await ProgramRun.OutputAsync(["umount", mount], "/", CancellationToken.None);
        }

        Assert.Null((await queue.BackUpAsync()).Leftover);
        Assert.Single(Directory.GetDirectories(queue.Backup, "content-*"));
        Assert.Single(Directory.GetFiles(Path.Combine(queue.Backup, "payloads")));
        Assert.Equal([BackedUpQueue.Photo(2)], await queue.RestoreAsync(second, 1));
    }

    [Fact]
    public async Task The_backup_of_another_queue_is_not_replaced_unless_somebody_says_so()
    {
        await using var queue = await BackedUpQueue.OpenAsync();
        await using var other = await BackedUpQueue.OpenAsync();
        var job = await queue.SubmitAsync(1);
        await queue.BackUpAsync();

        var refused = await Assert.ThrowsAsync<UsageException>(() => other.BackUpAsync(into: queue.Backup));

        Assert.Contains("--replace", refused.Message, StringComparison.Ordinal);
        Assert.Equal([BackedUpQueue.Photo(1)], await queue.RestoreAsync(job, 1));
        Assert.Equal(0, (await other.BackUpAsync(into: queue.Backup, mayReplace: true)).Manifest.Payloads.Count);
        Assert.Empty(Directory.GetFiles(Path.Combine(queue.Backup, "payloads")));
        await Assert.ThrowsAsync<UsageException>(() => queue.BackUpAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_photo_that_the_backup_has_is_not_replaced_by_what_the_queue_lost_later(bool isDeleted)
    {
        await using var queue = await BackedUpQueue.OpenAsync();
        var job = await queue.SubmitAsync(1, 2);
        var file = Assert.Single(Directory.GetFiles(queue.PayloadFolder));
        var whole = await File.ReadAllBytesAsync(file, Cancellation);
        await File.WriteAllBytesAsync(file, [(byte)~whole[0], .. whole[1..]], Cancellation);
        Assert.Equal((1, 1), Counts(await queue.BackUpAsync()));
        if (isDeleted) File.Delete(file);
        else await File.WriteAllBytesAsync(file, [(byte)~whole[0], .. whole[1..^1], (byte)~whole[^1]], Cancellation);

        Assert.Equal((1, 1), Counts(await queue.BackUpAsync()));

        Assert.Empty(await queue.VerifyAsync());
        // Each of the two has a part of it.
        await File.WriteAllBytesAsync(file, [.. whole[..^1], (byte)~whole[^1]], Cancellation);
        Assert.Equal((2, 0), Counts(await queue.BackUpAsync()));
        Assert.Equal([BackedUpQueue.Photo(1), BackedUpQueue.Photo(2)], await queue.RestoreAsync(job, 2));
    }

    [Theory]
    [InlineData("altered")]
    [InlineData("missing")]
    public async Task A_backup_that_lost_photos_is_restored_without_them_when_that_is_accepted(string damage)
    {
        await using var queue = await BackedUpQueue.OpenAsync();
        var job = await queue.SubmitAsync(1, 2);
        await queue.BackUpAsync(mayLink: false);
        var file = Assert.Single(Directory.GetFiles(Path.Combine(queue.Backup, "payloads")));
        var whole = await File.ReadAllBytesAsync(file, Cancellation);
        if (damage == "missing") File.Delete(file);
        else await File.WriteAllBytesAsync(file, [(byte)~whole[0], .. whole[1..]], Cancellation);

        var refused = await Assert.ThrowsAsync<DamagedBackupException>(() => queue.RestoreAsync(job, 2));

        Assert.Contains("--accept-damage", refused.Message, StringComparison.Ordinal);
        Assert.Equal(
            [null, damage == "missing" ? null : BackedUpQueue.Photo(2)], await queue.RestoreAsync(job, 2, acceptsDamage: true));
    }

    private static (int Count, int Damaged) Counts(BackupOutcome outcome) =>
        ((int)outcome.Manifest.Payloads.Count, (int)outcome.Manifest.Payloads.Damaged);

    private static async Task<bool> TryRunAsync(params string[] command)
    {
        try
        {
            await ProgramRun.OutputAsync(command, "/", Cancellation);
            return true;
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
