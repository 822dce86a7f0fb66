using StashAI.Server.Backups;
using StashAI.Server.Exits;
using StashAI.Storage.Backups;
using StashAI.Storage.Payloads.Objects;
using StashAI.Testing.Objects;

namespace StashAI.Server.Tests.Backups;

/// <summary>A backup of a queue whose photos are objects names them, and looks whether they are there.</summary>
public sealed class ObjectBackupTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Objects_are_named_and_found_again_after_a_restore()
    {
        await using var server = await ScriptedS3.StartAsync(cancellationToken: Cancellation);
        await using var queue = await OpenAsync(server);
        var job = await queue.SubmitAsync(1, 2);
        await queue.SubmitAsync(3);

        var manifest = (await queue.BackUpAsync()).Manifest;

        Assert.Equal((2, 3L), (manifest.Objects!.Objects, manifest.Objects.Payloads));
        Assert.Equal(server.Payloads, manifest.Objects.Place);
        Assert.Equal((0L, 0L, 0L), (manifest.Payloads.Count, manifest.Payloads.Damaged, manifest.Payloads.Removed));
        Assert.Empty(await queue.VerifyAsync());
        Assert.Equal([BackedUpQueue.Photo(1), BackedUpQueue.Photo(2)], await queue.RestoreAsync(job, 2));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("shorter")]
    public async Task A_lost_object_is_named(string damage)
    {
        await using var server = await ScriptedS3.StartAsync(cancellationToken: Cancellation);
        await using var queue = await OpenAsync(server);
        var job = await queue.SubmitAsync(1);
        await queue.BackUpAsync();
        var (key, bytes) = Assert.Single(server.Objects);
        server.Objects.Remove(key);
        if (damage == "shorter") server.Objects[key] = bytes[..^1];

        var problem = Assert.Single(await queue.VerifyAsync());
        var again = await queue.BackUpAsync();

        Assert.Contains(key, problem, StringComparison.Ordinal);
        Assert.Contains(damage, problem, StringComparison.Ordinal);
        Assert.Equal(1, again.Manifest.Payloads.Damaged);
        Assert.Null(again.Manifest.Objects);
        Assert.Equal([null], await queue.RestoreAsync(job, 1, acceptsDamage: true));
    }

    [Fact]
    public async Task A_server_that_is_away_is_said_and_no_backup_is_made()
    {
        await using var server = await ScriptedS3.StartAsync(cancellationToken: Cancellation);
        await using var queue = await OpenAsync(server);
        await queue.SubmitAsync(1);
        await queue.SubmitAsync(2);
        await queue.BackUpAsync();
        server.Script = (_, _) => S3Fault.Break;

        var problem = Assert.Single(await queue.VerifyAsync());
        var error = await Assert.ThrowsAsync<StartException>(() => queue.BackUpAsync());

        Assert.Contains("cannot be reached", problem, StringComparison.Ordinal);
        Assert.Contains("cannot be reached", error.Message, StringComparison.Ordinal);
        Assert.Contains("is as it was", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_needs_the_bucket_and_a_restore_no_other_place()
    {
        await using var server = await ScriptedS3.StartAsync(cancellationToken: Cancellation);
        await using var queue = await OpenAsync(server);
        await queue.SubmitAsync(1);

        var backup = await Assert.ThrowsAsync<UsageException>(
            () => queue.BackUpAsync(_ => SqliteBackupSource.Open(Path.Combine(queue.Data, "queue.db"), null, null, TimeProvider.System)));
        await queue.BackUpAsync();
        var restore = await Assert.ThrowsAsync<UsageException>(
            () => new RestoreRun(queue.Backup, queue.Restored, queue.Data, null, _ => { }, TimeProvider.System)
                .RunAsync(false, false, Cancellation));

        Assert.Contains("PAYLOADS=s3://", backup.Message, StringComparison.Ordinal);
        Assert.Contains($"PAYLOADS={server.Payloads}", restore.Message, StringComparison.Ordinal);
    }

    private static Task<BackedUpQueue> OpenAsync(ScriptedS3 server) => BackedUpQueue.OpenAsync(bucket: new S3Settings(
        S3Address.Parse(server.Payloads), new S3Keys(ScriptedS3.KeyId, ScriptedS3.Secret, null)));
}
