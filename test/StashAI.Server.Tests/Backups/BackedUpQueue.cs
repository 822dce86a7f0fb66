using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Server.Backups;
using StashAI.Storage.Backups;
using StashAI.Storage.Payloads.Objects;
using StashAI.Storage.Sqlite;
using StashAI.Storage.Sqlite.Database;
using StashAI.Testing.Files;
using StashAI.Testing.Queue;

namespace StashAI.Server.Tests.Backups;

/// <summary>A queue in this process, and a folder for its backups.</summary>
internal sealed class BackedUpQueue : IAsyncDisposable
{
    private readonly TempFolder folder;
    private readonly S3Settings? bucket;
    private readonly long node;

    private BackedUpQueue(TempFolder folder, S3Settings? bucket, IQueueStore store)
    {
        (this.folder, this.bucket, Store) = (folder, bucket, store);
        node = store.Nodes.Register("test", TimeSpan.FromHours(1));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public IQueueStore Store { get; }

    public string Data => folder.File("data");

    public string Backup => folder.File("backup");

    public string Restored => folder.File("restored");

    public string PayloadFolder => Path.Combine(Data, "queue.db-payloads");

    public static async Task<BackedUpQueue> OpenAsync(ILogger? logger = null, S3Settings? bucket = null)
    {
        var folder = new TempFolder();
        var settings = new SqliteSettings
        {
            Path = folder.File("data", "queue.db"),
            Logger = logger ?? NullLogger.Instance,
            PayloadBucket = bucket,
        };
        return new BackedUpQueue(folder, bucket, await SqliteStore.OpenAsync(settings, Cancellation));
    }

    /// <summary>Submits a job of photos that go to a file of their own.</summary>
    public async Task<EnqueuedJob> SubmitAsync(params int[] seeds)
    {
        await using var upload = Store.OpenUpload(node);
        foreach (var seed in seeds)
        {
            upload.BeginTask();
            upload.BeginPayload("image", null);
            await upload.WriteAsync(Photo(seed), Cancellation);
            upload.EndPayload();
            await upload.EndTaskAsync(default, Cancellation);
        }

        return await upload.CommitAsync(TestJobs.Job, Cancellation);
    }

    /// <summary>Removes a job and collects all that can be collected now.</summary>
    public async Task RemoveAsync(EnqueuedJob job)
    {
        await Store.Control.CancelJobAsync(job.Key, Cancellation);
        Assert.True(await Store.Control.RemoveJobAsync(job.Key, Cancellation));
        await CollectAsync();
    }

    /// <summary>Completes tasks, fails the one after them, and removes the photos of what is completed.</summary>
    public async Task TrimAsync(int completed)
    {
        var batch = await Store.Work.ClaimAsync(node, completed + 1, 0, [TestJobs.Service], Cancellation);
        await Store.Work.ApplyAsync(
            node,
            [.. batch.Tasks.Select((task, i) => new AttemptResult
            {
                Task = task,
                Event = i < completed ? TaskEvent.Succeed : TaskEvent.Fail,
                Output = "{}"u8.ToArray(),
                Call = new CallReport(200),
                Duration = TimeSpan.FromMilliseconds(1),
            })],
            Cancellation);
        while (await Store.Maintain.RemoveOldAsync(RetentionPolicy.Default with { Inputs = TimeSpan.Zero }, 10, Cancellation) > 0)
        {
        }

        await CollectAsync();
    }

    public async Task CollectAsync()
    {
        while (await Store.Maintain.RemoveUnreferencedAsync(10, Cancellation) > 0)
        {
        }
    }

    /// <summary>Backs the queue up, into its own folder unless another one is given.</summary>
    public async Task<BackupOutcome> BackUpAsync(
        Func<IBackupSource, IBackupSource>? around = null, bool mayLink = true, string? into = null, bool mayReplace = false)
    {
        await using var source = SqliteBackupSource.Open(Path.Combine(Data, "queue.db"), null, bucket, TimeProvider.System);
        var plan = new BackupPlan
        {
            Folder = into ?? Backup,
            DataDirectory = Data,
            ServicesDirectory = Path.Combine(Data, "services"),
            AdaptersDirectory = Path.Combine(Data, "adapters"),
            MayLink = mayLink,
            MayReplace = mayReplace,
        };
        return await new BackupRun(plan, around?.Invoke(source) ?? source, _ => { }, TimeProvider.System).RunAsync(Cancellation);
    }

    /// <summary>What is wrong with the backup; empty when nothing is.</summary>
    public async Task<IReadOnlyList<string>> VerifyAsync()
    {
        var reader = new BackupReader(Backup, _ => { }, "Verifying", bucket?.Keys);
        await reader.ReadAsync(BackupReader.Open(Backup), null, Cancellation);
        return reader.Problems;
    }

    /// <summary>Restores the backup and returns the photos of the job, in the order of its tasks; null for one that is lost.</summary>
    public async Task<IReadOnlyList<byte[]?>> RestoreAsync(EnqueuedJob job, int photos, bool acceptsDamage = false)
    {
        await new RestoreRun(Backup, Restored, null, bucket?.Keys, _ => { }, TimeProvider.System)
            .RunAsync(false, acceptsDamage, Cancellation);
        await using var store = await SqliteStore.OpenAsync(
            new SqliteSettings { Path = Path.Combine(Restored, "queue.db"), PayloadBucket = bucket }, Cancellation);
        // What a start does first: files that the queue does not know are removed.
        await store.Maintain.RescueAsync(100, Cancellation);
        while (await store.Maintain.RemoveUnreferencedAsync(10, Cancellation) > 0)
        {
        }

        var read = new List<byte[]?>();
        for (var i = 0; i < photos; i++)
        {
            var parts = await store.Read.ListPayloadsAsync(TaskKey.From(job.Key, i), Cancellation);
            using var whole = new MemoryStream();
            try
            {
                await foreach (var piece in store.Read.ReadPayloadAsync(Assert.Single(parts).Key, parts[0].Size, Cancellation))
                    whole.Write(piece.Span);
                read.Add(whole.ToArray());
            }
            catch (PayloadLostException)
            {
                read.Add(null);
            }
        }

        return read;
    }

    public static byte[] Photo(int seed)
    {
        var bytes = new byte[100_000];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        folder.Dispose();
    }
}
