using StashAI.Hosting.Files;
using StashAI.Server.Tests.Hosting;
using StashAI.Storage.Backups;
using StashAI.Testing.Processes;

namespace StashAI.Server.Tests.Backups;

/// <summary>The lock by which a backup holds removals back.</summary>
public sealed class RemovalLockTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_removed_while_the_lock_cannot_be_opened()
    {
        using var log = new RecordedLog();
        await using var queue = await BackedUpQueue.OpenAsync(log);
        var job = await queue.SubmitAsync(1);
        // A folder in the place of the file stands for one that this user may not open: tests may run as root, who may open all.
        var place = queue.PayloadFolder + ".lock";
        Directory.CreateDirectory(place);

        await queue.RemoveAsync(job);

        Assert.Single(Directory.GetFiles(queue.PayloadFolder));
        await log.WaitForAsync("Nothing is removed from");
        Directory.Delete(place);
        await queue.CollectAsync();
        Assert.Empty(Directory.GetFiles(queue.PayloadFolder));
    }

    /// <summary>The rule of `stashai doctor` for the files of the data folder.</summary>
    [Fact]
    public async Task Nobody_else_can_open_the_lock_of_a_private_folder_and_who_may_remove_from_a_shared_one_can()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var queue = await BackedUpQueue.OpenAsync();
        await queue.SubmitAsync(1);
        var place = queue.PayloadFolder + ".lock";
        const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        const UnixFileMode OwnFolder = Own | UnixFileMode.UserExecute;
        foreach (var (folder, expected) in ((UnixFileMode, UnixFileMode)[])
            [
                (OwnFolder, Own),
                (OwnFolder | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute, Own),
                (OwnFolder | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute, Own | UnixFileMode.GroupRead),
            ])
        {
            File.Delete(place);
            File.SetUnixFileMode(queue.PayloadFolder, folder);

            await using (var source = SqliteBackupSource.Open(Path.Combine(queue.Data, "queue.db"), null, null, TimeProvider.System))
            {
                source.TryHoldPayloads()!.Dispose();
            }

            Assert.Equal(expected, File.GetUnixFileMode(place));
            if (expected == Own) Assert.Empty(PrivateFiles.Warnings(place));
        }
    }

    [Fact]
    public async Task The_owner_of_the_folder_can_open_a_lock_that_a_backup_by_root_created()
    {
        await using var queue = await BackedUpQueue.OpenAsync();
        await queue.SubmitAsync(1);
        Assert.False(File.Exists(queue.PayloadFolder + ".lock"));
        try
        {
            await ProgramRun.OutputAsync(["chown", "12345:12346", queue.PayloadFolder], "/", Cancellation);
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            Assert.Skip("Giving files away takes root.");
        }

        await queue.BackUpAsync();

        var owner = await ProgramRun.OutputAsync(["stat", "-c", "%u:%g %a", queue.PayloadFolder + ".lock"], "/", Cancellation);
        Assert.Equal("12345:12346 600", owner.Trim());
    }
}
