using StashAI.Queue.Store;
using StashAI.Storage.Sqlite;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Tests.Contract;
using StashAI.Testing.Files;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Sqlite;

/// <summary>Faults at each step of the life of segments.</summary>
public sealed class PayloadFaultTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(PayloadKind.Files, true, true)]
    [InlineData(PayloadKind.Files, true, false)]
    [InlineData(PayloadKind.Files, false, true)]
    [InlineData(PayloadKind.Files, false, false)]
    [InlineData(PayloadKind.Objects, true, true)]
    [InlineData(PayloadKind.Objects, true, false)]
    [InlineData(PayloadKind.Objects, false, true)]
    [InlineData(PayloadKind.Objects, false, false)]
    public async Task A_fault_at_any_step_loses_no_byte_of_a_job_and_leaves_nothing_behind(PayloadKind kind, bool isEnd, bool isDone)
    {
        var steps = 0;
        while (true)
        {
            await using var host = new SqliteHost(kind);
            if (!await new PayloadFaults(host, host.Keeping).RunAsync(steps + 1, isDone, isEnd, Cancellation)) break;
            steps++;
        }

        // Two uploads of two segments each, their flushes, holes and removals.
        Assert.InRange(steps, 15, 60);
    }

    [Fact]
    public async Task A_full_disk_refuses_the_upload_and_its_room_is_free_again()
    {
        await using var disk = await SmallDisk.MountAsync(8, Cancellation);
        using var folder = new TempFolder();
        await using var store = await SqliteStore.OpenAsync(
            new SqliteSettings { Path = folder.File("queue.db"), PayloadFolder = disk.Path }, Cancellation);
        var node = store.Nodes.Register("one", TimeSpan.FromMinutes(1));
        await using (var large = store.OpenUpload(node))
        {
            var error = await Assert.ThrowsAsync<PayloadFileException>(() => UploadAsync(large, 20));
            Assert.True(error.IsDiskFull);
            Assert.Contains(disk.Path, error.Message, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.GetFiles(disk.Path, "*.seg", SearchOption.AllDirectories));
        await using var small = store.OpenUpload(node);
        await UploadAsync(small, 6);
        Assert.Single(Directory.GetFiles(disk.Path, "*.seg", SearchOption.AllDirectories));
    }

    private static async Task UploadAsync(IUpload upload, int megabytes)
    {
        for (var i = 0; i < megabytes; i++)
        {
            upload.BeginTask();
            upload.BeginPayload("part", null);
            await upload.WriteAsync(new byte[1_000_000], Cancellation);
            upload.EndPayload();
            await upload.EndTaskAsync(default, Cancellation);
        }

        await upload.CommitAsync(TestJobs.Job, Cancellation);
    }
}
