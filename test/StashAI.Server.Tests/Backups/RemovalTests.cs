using StashAI.Server.Backups;

namespace StashAI.Server.Tests.Backups;

/// <summary>Jobs and photos that are removed while a backup is made, and files that were damaged before.</summary>
public sealed class RemovalTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool> Steps
    {
        get
        {
            var steps = new TheoryData<string, bool>();
            foreach (var step in (string[])["before the snapshot", "after the snapshot", "between two files", "after the first look"])
            {
                steps.Add(step, true);
                steps.Add(step, false);
            }

            return steps;
        }
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_job_that_is_removed_meanwhile_is_in_the_backup_as_the_snapshot_has_it(string step, bool mayLink)
    {
        await using var queue = await BackedUpQueue.OpenAsync();
        var kept = await queue.SubmitAsync(1, 2);
        var removed = await queue.SubmitAsync(3, 4);
        var files = Directory.GetFiles(queue.PayloadFolder).Length;

        var outcome = await queue.BackUpAsync(source => new ScriptedSource(source, step, () => queue.RemoveAsync(removed), true), mayLink);

        var isBefore = step == "before the snapshot";
        Assert.Equal(isBefore ? (2, 0, 0) : (4, 0, 0), Counts(outcome));
        Assert.Empty(await queue.VerifyAsync());
        // The lock is free again: what was removed goes now.
        await queue.CollectAsync();
        Assert.Equal(files - 1, Directory.GetFiles(queue.PayloadFolder).Length);
        Assert.Empty(await queue.VerifyAsync());
        Assert.Equal([BackedUpQueue.Photo(1), BackedUpQueue.Photo(2)], await queue.RestoreAsync(kept, 2));
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Where_processes_do_not_heed_the_lock_a_removed_job_is_listed_as_removed(string step, bool mayLink)
    {
        await using var queue = await BackedUpQueue.OpenAsync();
        var kept = await queue.SubmitAsync(1, 2);
        var removed = await queue.SubmitAsync(3, 4);

        var outcome = await queue.BackUpAsync(source => new ScriptedSource(source, step, () => queue.RemoveAsync(removed), false), mayLink);

        Assert.Equal(0, outcome.Manifest.Payloads.Damaged);
        Assert.Contains(outcome.Manifest.Payloads.Removed, step == "before the snapshot" ? (long[])[0] : [0, 2]);
        Assert.Equal(step == "before the snapshot" ? 2 : 4, outcome.Manifest.Payloads.Count + outcome.Manifest.Payloads.Removed);
        Assert.Empty(await queue.VerifyAsync());
        Assert.Equal([BackedUpQueue.Photo(1), BackedUpQueue.Photo(2)], await queue.RestoreAsync(kept, 2));
    }

    [Fact]
    public async Task A_file_that_a_backup_shares_gets_no_holes()
    {
        await using var queue = await BackedUpQueue.OpenAsync();
        await queue.SubmitAsync(1, 2, 3);
        await queue.BackUpAsync();

        await queue.TrimAsync(completed: 2);

        Assert.Empty(await queue.VerifyAsync());
        Assert.Equal(1, (await queue.BackUpAsync()).Manifest.Payloads.Count);
        Assert.Empty(await queue.VerifyAsync());
    }

    [Theory]
    [InlineData("missing", true)]
    [InlineData("missing", false)]
    [InlineData("altered", true)]
    [InlineData("altered", false)]
    [InlineData("shorter", true)]
    [InlineData("shorter", false)]
    public async Task What_the_queue_itself_had_lost_is_listed_as_damaged_until_the_file_is_back(string damage, bool mayLink)
    {
        await using var queue = await BackedUpQueue.OpenAsync();
        var job = await queue.SubmitAsync(1, 2);
        var file = Assert.Single(Directory.GetFiles(queue.PayloadFolder));
        var whole = await File.ReadAllBytesAsync(file, Cancellation);
        if (damage == "missing") File.Delete(file);
        else await File.WriteAllBytesAsync(file, damage == "shorter" ? whole[..150_000] : [.. whole[..^1], (byte)~whole[^1]], Cancellation);

        var outcome = await queue.BackUpAsync(mayLink: mayLink);

        Assert.Equal(damage == "missing" ? (0, 0, 2) : (1, 0, 1), Counts(outcome));
        Assert.Empty(await queue.VerifyAsync());
        await File.WriteAllBytesAsync(file, whole, Cancellation);
        Assert.Equal((2, 0, 0), Counts(await queue.BackUpAsync(mayLink: mayLink)));
        Assert.Equal([BackedUpQueue.Photo(1), BackedUpQueue.Photo(2)], await queue.RestoreAsync(job, 2));
    }

    private static (int Count, int Removed, int Damaged) Counts(BackupOutcome outcome) => (
        (int)outcome.Manifest.Payloads.Count, (int)outcome.Manifest.Payloads.Removed, (int)outcome.Manifest.Payloads.Damaged);
}
