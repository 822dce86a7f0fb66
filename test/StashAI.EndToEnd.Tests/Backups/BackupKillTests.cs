using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;
using StashAI.Testing.ScriptedServices;
using static StashAI.EndToEnd.Tests.Backups.BackupProgram;

namespace StashAI.EndToEnd.Tests.Backups;

/// <summary>kill -9 of a backup and of a restore after each line of progress, and a disk that is full.</summary>
public sealed class BackupKillTests
{
    /// <summary>More than one backup writes.</summary>
    private const int MostLines = 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_backup_that_was_killed_is_none_and_the_one_before_stays(bool hasEarlier)
    {
        using var folder = new TempFolder();
        await using var gateway = await StartAsync(photos: 40);
        var backup = folder.File("backup");
        if (hasEarlier) await SucceedAsync("backup", backup, "--data", gateway.Data, "--copy");
        var earlier = hasEarlier ? await File.ReadAllTextAsync(Path.Combine(backup, "backup.json"), Cancellation) : null;
        var killed = 0;
        for (var lines = 0; lines < MostLines; lines++)
        {
            var time = hasEarlier ? earlier : null;
            if (!await KillAfterAsync(lines, "backup", backup, "--data", gateway.Data, "--copy")) break;
            killed++;
            var (code, _, error) = await RunAsync("backup", "verify", backup);
            var isNew = File.Exists(Path.Combine(backup, "backup.json"))
                && await File.ReadAllTextAsync(Path.Combine(backup, "backup.json"), Cancellation) != time;
            // It was killed before it was finished, or behind that.
            if (hasEarlier || isNew) Assert.True(code == 0, error);
            else Assert.Matches("^2 .*(not finished|has no backup|is no folder)", $"{code} {error}");
            if (isNew) break;
        }

        Assert.InRange(killed, 1, MostLines);
        await SucceedAsync("backup", backup, "--data", gateway.Data, "--copy");
        await SucceedAsync("backup", "verify", backup);
        Assert.Single(Directory.GetDirectories(backup, "content-*"));
        Assert.All(Directory.GetFiles(Path.Combine(backup, "payloads")), file => Assert.EndsWith(".seg", file, StringComparison.Ordinal));
        // The server has noticed nothing.
        Assert.Equal("completed", (await gateway.EndOfAsync(await SubmitAsync(gateway, 3))).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_does_not_start_in_a_restore_that_was_killed_and_the_next_restore_goes_on(bool replaces)
    {
        using var folder = new TempFolder();
        var (backup, data) = (folder.File("backup"), folder.File("data"));
        string job;
        await using (var gateway = await StartAsync(photos: 40))
        {
            job = await SubmitAsync(gateway, 3);
            await gateway.EndOfAsync(job);
            await SucceedAsync("backup", backup, "--data", gateway.Data);
        }

        if (replaces) await SucceedAsync("keys", "create", "--name", "old", "--data", data);
        string[] restore = ["restore", backup, "--to", data, .. replaces ? (string[])["--replace"] : []];
        for (var lines = 0; lines < MostLines; lines++)
        {
            if (!await KillAfterAsync(lines, restore)) break;
            var (code, output, error) = await RunAsync("keys", "list", "--data", data);
            var isRestored = File.Exists(Path.Combine(data, "queue.db")) && !Directory.Exists(Path.Combine(data, ".restoring"));
            if (code == 0) Assert.True(isRestored || (replaces && output.Contains("old", StringComparison.Ordinal)), output);
            else Assert.Matches("run 'stashai restore' again|There is no queue", error);
            if (code == 0 && !output.Contains("old", StringComparison.Ordinal)) break;
        }

        var last = await RunAsync(restore);
        Assert.True(last.Code == 0 || last.Error.Contains("not empty", StringComparison.Ordinal), last.Error);
        await using var restored = await ServedGateway.StartAsync(prepare: started =>
        {
            Directory.Delete(started);
            Directory.Move(data, started);
            return Task.CompletedTask;
        });
        Assert.Equal("completed", (await restored.EndOfAsync(job)).GetProperty("status").GetString());
        Assert.Equal(0, restored.Visage.Ledger.Count);
    }

    [Fact]
    public async Task A_full_disk_is_said_and_the_backup_before_stays()
    {
        await using var disk = await SmallDisk.MountAsync(8, Cancellation);
        await using var gateway = await StartAsync(photos: 20);
        var backup = disk.File("backup");
        await SucceedAsync("backup", backup, "--data", gateway.Data);
        await gateway.EndOfAsync(await SubmitAsync(gateway, 300));

        var (code, _, error) = await RunAsync("backup", backup, "--data", gateway.Data);

        Assert.Equal(1, code);
        Assert.Contains($"The disk of {backup} is full", error, StringComparison.Ordinal);
        Assert.Contains("is as it was", error, StringComparison.Ordinal);
        await SucceedAsync("backup", "verify", backup);
        Assert.Single(Directory.GetDirectories(backup, "content-*"));
        // What was written of the new one made room again.
        Assert.Single(Directory.GetFiles(Path.Combine(backup, "payloads")));
        var restore = await RunAsync("restore", backup, "--to", disk.File("data"));
        if (restore.Code != 0) Assert.Contains("is full", restore.Error, StringComparison.Ordinal);
    }

    /// <summary>Kills a command when it has written that many lines of progress; false when it ended before.</summary>
    private static async Task<bool> KillAfterAsync(int lines, params string[] arguments)
    {
        await using var process = Launch(arguments);
        while (process.StandardError.Count < lines && !process.HasExited) await Task.Yield();
        if (process.HasExited) return false;
        await process.KillAsync();
        return true;
    }

    private static async Task<ServedGateway> StartAsync(int photos)
    {
        var gateway = await ServedGateway.StartAsync();
        gateway.Visage.Script = call => Reply.Json("{}");
        await gateway.EndOfAsync(await SubmitAsync(gateway, photos));
        return gateway;
    }

    private static async Task<string> SubmitAsync(ServedGateway gateway, int photos) =>
        (await gateway.SubmitAsync(Photos(photos))).GetProperty("job_id").GetString()!;
}
