using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Storage.Payloads.Objects;
using StashAI.Storage.Sqlite;
using StashAI.Storage.Sqlite.Database;
using StashAI.Testing.Files;
using StashAI.Testing.Objects;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Objects;

/// <summary>The life of payloads on a real S3 server.</summary>
public sealed class S3RverTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Payloads_are_written_read_and_removed()
    {
        await using var server = await S3Rver.StartAsync(Cancellation);
        Assert.SkipWhen(server is null, "s3rver is not installed; ./test.sh --prepare installs it.");
        using var folder = new TempFolder();
        await using var store = await SqliteStore.OpenAsync(
            new SqliteSettings
            {
                Path = folder.File("queue.db"),
                PayloadBucket = new S3Settings(S3Address.Parse(server.Payloads), new S3Keys(S3Rver.Key, S3Rver.Key, null)),
            },
            Cancellation);
        var node = store.Nodes.Register("one", TimeSpan.FromMinutes(1));
        int[] sizes = [20_000, 3_000_000, 17_000_000, 400_000];
        await using var upload = store.OpenUpload(node);
        foreach (var size in sizes)
        {
            upload.BeginTask();
            upload.BeginPayload("part", null);
            await upload.WriteAsync(Bytes(size), Cancellation);
            upload.EndPayload();
            await upload.EndTaskAsync(default, Cancellation);
        }

        var job = await upload.CommitAsync(TestJobs.Job, Cancellation);

        Assert.Single(server.Keys);
        for (var ordinal = 0; ordinal < sizes.Length; ordinal++)
        {
            var part = Assert.Single(await store.Read.ListPayloadsAsync(TaskKey.From(job.Key, ordinal), Cancellation));
            using var whole = new MemoryStream();
            await foreach (var piece in store.Read.ReadPayloadAsync(part.Key, part.Size, Cancellation)) whole.Write(piece.Span);
            Assert.True(whole.ToArray().AsSpan().SequenceEqual(Bytes(sizes[ordinal])));
        }

        await store.Control.CancelJobAsync(job.Key, Cancellation);
        Assert.True(await store.Control.RemoveJobAsync(job.Key, Cancellation));
        while (await store.Maintain.RemoveUnreferencedAsync(10, Cancellation) > 0)
        {
        }

        Assert.Empty(server.Keys);
        Assert.False(Directory.Exists(folder.File("queue.db-payloads")));
    }

    private static byte[] Bytes(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }
}
