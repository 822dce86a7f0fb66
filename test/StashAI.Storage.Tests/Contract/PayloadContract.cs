using System.Globalization;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Policies;
using StashAI.Queue.Store;
using StashAI.Testing.Processes;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>
/// Payloads in rows, files or objects: they are read as they were stored, their room comes back, and nothing is left behind. What concerns
/// segments is skipped on a host that keeps all payloads in rows.
/// </summary>
public abstract class PayloadContract(IStoreHost host) : StoreContract(host)
{
    private const int Large = 200_000;

    private IReadOnlyList<string> Segments => Host.Shelf?.Names ?? [];

    [Fact]
    public async Task Large_parts_of_an_upload_are_in_a_segment_and_small_ones_in_rows()
    {
        byte[][] parts = [Bytes(PayloadRef.SmallSize, 1), Bytes(PayloadRef.SmallSize + 1, 2), Bytes(Large, 3), Bytes(5, 4)];

        await UploadAsync(parts, parts);

        Assert.Equal(Host.Shelf is null ? 8 : 4, (int)Host.CountRows()["payload_chunks"]);
        if (Host.Shelf is not null)
            Assert.Equal(2 * (PayloadRef.SmallSize + 1 + Large), Host.Shelf.Read(Assert.Single(Segments)).Length);
        var sizes = await Store.Sizes.ReadSizesAsync(Cancellation);
        Assert.Equal(Host.Shelf is null ? 0 : 2 * (PayloadRef.SmallSize + 1 + Large), sizes.PayloadFiles);
        if (sizes.Kind == "sqlite")
            Assert.Equal(2 * parts.Sum(part => part.Length), sizes.Payloads + sizes.PayloadFiles);
        foreach (var task in await ClaimAsync(2))
        {
            Assert.Equal(parts, await Task.WhenAll(task.Payloads.Select(part => ReadAsync(part))));
            // The call of a task need not ask the database where its parts are.
            Assert.All(
                task.Payloads,
                part => Assert.Equal(Host.Shelf is not null && part.Size > PayloadRef.SmallSize, part.Place is not null));
        }
    }

    [Fact]
    public async Task A_small_upload_makes_no_segment()
    {
        await UploadAsync([Bytes(50_000, 1)]);

        Assert.Empty(Segments);
        Assert.Equal(1, (int)Host.CountRows()["payload_chunks"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(2_000)]
    public async Task Sizes_and_pieces_of_any_order_are_read_as_they_were_stored(int seed)
    {
        var random = new Random(seed);
        int[] sizes = [0, 1, 5_000, 16_384, 16_385, 70_000, 400_000, 700_000, 1_048_575, 1_048_576, 1_500_000, 3_200_000];
        var parts = Enumerable.Range(0, 25).Select(i => Bytes(sizes[random.Next(sizes.Length)], seed + i)).ToArray();

        await UploadAsync([.. parts.Select(part => new[] { part })]);

        foreach (var task in await ClaimAsync(parts.Length))
            Assert.Equal(parts[TaskKey.OrdinalOf(task.Key)], await ReadAsync(Assert.Single(task.Payloads)));
    }

    [Fact]
    public async Task A_removed_job_gives_its_room_back_and_others_keep_theirs()
    {
        var gone = await UploadAsync([Bytes(Large, 1)], [Bytes(Large, 2)]);
        await CompleteAsync(2);
        var before = Segments;
        await UploadAsync([Bytes(Large, 3)]);

        await RemoveAsync(gone);

        Assert.DoesNotContain(Segments, before.Contains);
        Assert.Equal(1, (int)Host.CountRows()["payloads"]);
        Assert.Equal(Bytes(Large, 3), await ReadAsync(Assert.Single((await ClaimOneAsync()).Payloads)));
    }

    [Fact]
    public async Task A_trimmed_input_gives_its_room_back_while_the_file_has_others()
    {
        Assert.SkipWhen(Host.Shelf is not FolderShelf || !OperatingSystem.IsLinux(), "Only files on Linux have holes.");
        const int Size = 1_000_000;
        await UploadAsync([.. Enumerable.Range(0, 8).Select(i => new[] { Bytes(Size, i) })]);
        var tasks = await ClaimAsync(8);
        foreach (var task in tasks)
            await ApplyAsync(TaskKey.OrdinalOf(task.Key) == 3 ? Ended(task, TaskEvent.Fail) : Done(task));
        var file = Assert.Single(Segments);

        await TrimAsync();

        Assert.Equal(file, Assert.Single(Segments));
        Assert.InRange(await RoomOfAsync(Host.Shelf!.PathOf(file)), Size, Size + 100_000);
        Assert.Equal(
            Bytes(Size, 3), await ReadAsync(Assert.Single(await PartsAsync(tasks.First(task => TaskKey.OrdinalOf(task.Key) == 3).Key))));
        await Store.Control.RetryTaskAsync(TaskKey.From(TaskKey.JobOf(tasks[0].Key), 3), Cancellation);
        await CompleteAsync(1);
        await TrimAsync();
        Assert.Empty(Segments);
    }

    [Fact]
    public async Task A_broken_upload_leaves_no_segment_and_a_live_one_keeps_its_own()
    {
        var other = await OpenAnotherAsync();
        await using var live = Store.OpenUpload(Node);
        await AddAsync(live, [Bytes(2_000_000, 1)]);
        var broken = Store.OpenUpload(Node);
        await AddAsync(broken, [Bytes(2_000_000, 2)]);

        await broken.DisposeAsync();
        while (await other.Maintain.RemoveUnreferencedAsync(10, Cancellation) > 0) Host.Verify();

        Assert.Equal(Host.Shelf is null ? 0 : 1, Segments.Count + (Host.Shelf?.Unfinished ?? 0));
        await live.CommitAsync(TestJobs.Job, Cancellation);
        Assert.Equal(Bytes(2_000_000, 1), await ReadAsync(Assert.Single((await ClaimOneAsync()).Payloads)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_100)]
    public async Task The_segments_of_a_lost_node_are_collected_and_its_upload_is_refused(int smallTasks)
    {
        var other = await OpenAnotherAsync();
        await using var upload = Store.OpenUpload(Node);
        await AddAsync(upload, [Bytes(2_000_000, 1)]);
        for (var i = 0; i < smallTasks; i++) await AddAsync(upload, []);

        await LoseAsync(other);

        Assert.Empty(Segments);
        Assert.Equal(0, Host.Shelf?.Unfinished ?? 0);
        if (Host.Shelf is not null || smallTasks > 1_000)
            await Assert.ThrowsAsync<UploadLostException>(() => upload.CommitAsync(TestJobs.Job, Cancellation));
        await upload.DisposeAsync();
        RegisterAgain();
        await CollectAsync();
        Assert.Equal((0, 0), ((int)Host.CountRows()["payloads"], (int)Host.CountRows()["payload_segments"]));
    }

    [Fact]
    public async Task A_foreign_file_among_the_segments_is_left_alone()
    {
        Assert.SkipWhen(Host.Shelf is null, "There are no segments.");
        var end = Host.Shelf.Extension;
        string[] names = ["notes.txt", $"1-x-0{end}", $"readme{end}", $"0-{Guid.NewGuid():N}-0{end}.bak"];
        foreach (var name in names) Host.Shelf.Write(name, "mine"u8.ToArray());

        await LoseAsync(await OpenAnotherAsync());

        Assert.Equal(names.Order(StringComparer.Ordinal), Segments);
    }

    [Theory]
    [InlineData("missing", 2_500_000)]
    [InlineData("shorter", 2_500_000)]
    [InlineData("altered", 2_500_000)]
    // One piece.
    [InlineData("altered", 600_000)]
    // As an older version stored it.
    [InlineData("altered", 2_500_000, false)]
    [InlineData("altered", 600_000, false)]
    public async Task A_damaged_segment_is_named_and_other_payloads_are_read(string damage, int size, bool hasChecksum = true)
    {
        Assert.SkipWhen(Host.Shelf is null, "There are no segments.");
        await UploadAsync([Bytes(size, 1)], [Bytes(Large, 2)]);
        var file = Assert.Single(Segments);
        await UploadAsync([Bytes(Large, 3)]);
        if (!hasChecksum) Host.ForgetChecksums();
        Damage(Host.Shelf, file, damage, size - 100_000);

        var tasks = await ClaimAsync(3);

        foreach (var task in tasks)
        {
            var part = Assert.Single(task.Payloads);
            // Of a segment that was altered, the payload with other bytes is lost, and its neighbour is not.
            if (part.Size == Large && (TaskKey.JobOf(task.Key) == 2 || damage == "altered"))
            {
                Assert.Equal(Bytes(Large, TaskKey.JobOf(task.Key) == 2 ? 3 : 2), await ReadAsync(part));
                continue;
            }

            // The second half of the first is read before anybody has the whole.
            var (error, length) = await FailAsync(part);
            Assert.Contains(Host.Shelf.PathOf(file), error.Message, StringComparison.Ordinal);
            Assert.Contains(damage, error.Message, StringComparison.Ordinal);
            Assert.InRange(length, 0, part.Size - 1);
        }
    }

    protected static byte[] Bytes(int size, int seed)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static void Damage(ISegmentShelf shelf, string name, string damage, int at)
    {
        var bytes = shelf.Read(name).ToArray();
        if (damage == "altered") bytes[at] ^= 1;
        shelf.Remove(name);
        if (damage != "missing") shelf.Write(name, damage == "shorter" ? bytes[..2_000_000] : bytes);
    }

    private async Task<(PayloadLostException Error, long Length)> FailAsync(PayloadRef part)
    {
        // As the claim found it, and by its key.
        Assert.NotNull(part.Place);
        var found = await FailAsync(Store.Read.ReadPayloadAsync(part, Cancellation));
        var asked = await FailAsync(Store.Read.ReadPayloadAsync(part.Key, part.Size, Cancellation));
        Assert.Equal((asked.Error.Message, asked.Length), (found.Error.Message, found.Length));
        return found;
    }

    private static async Task<(PayloadLostException Error, long Length)> FailAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        var length = 0L;
        var error = await Assert.ThrowsAsync<PayloadLostException>(async () =>
        {
            await foreach (var piece in pieces) length += piece.Length;
        });
        return (error, length);
    }

    private static async Task<long> RoomOfAsync(string file) => 512 * long.Parse(
        await ProgramRun.OutputAsync(["stat", "-c", "%b", file], "/", Cancellation), CultureInfo.InvariantCulture);

    private async Task<EnqueuedJob> UploadAsync(params byte[][][] tasks)
    {
        await using var upload = Store.OpenUpload(Node);
        foreach (var parts in tasks) await AddAsync(upload, parts);
        return await upload.CommitAsync(TestJobs.Job, Cancellation);
    }

    private static async Task AddAsync(IUpload upload, byte[][] parts)
    {
        upload.BeginTask();
        foreach (var part in parts)
        {
            upload.BeginPayload("image", null);
            for (var from = 0; from < part.Length; from += 90_001)
                await upload.WriteAsync(part.AsMemory(from, Math.Min(90_001, part.Length - from)), Cancellation);
            upload.EndPayload();
        }

        await upload.EndTaskAsync(default, Cancellation);
    }

    private async Task<byte[]> ReadAsync(PayloadRef part)
    {
        var bytes = await ReadAsync(part, Store.Read.ReadPayloadAsync(part.Key, part.Size, Cancellation));
        // As the claim found it, if one has.
        Assert.Equal(bytes, await ReadAsync(part, Store.Read.ReadPayloadAsync(part, Cancellation)));
        return bytes;
    }

    private static async Task<byte[]> ReadAsync(PayloadRef part, IAsyncEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        using var whole = new MemoryStream();
        await foreach (var piece in pieces)
        {
            Assert.InRange(piece.Length, 1, IPayloads.MaxPiece);
            whole.Write(piece.Span);
            if (whole.Length < part.Size) Assert.Equal(0, piece.Length % 3);
        }

        return whole.ToArray();
    }

    private Task<IReadOnlyList<PayloadRef>> PartsAsync(long task) => Store.Read.ListPayloadsAsync(task, Cancellation);

    private async Task CompleteAsync(int tasks)
    {
        foreach (var task in await ClaimAsync(tasks)) await ApplyAsync(Done(task));
    }

    private async Task RemoveAsync(EnqueuedJob job)
    {
        Assert.True(await Store.Control.RemoveJobAsync(job.Key, Cancellation));
        await CollectAsync();
    }

    private async Task TrimAsync()
    {
        while (await Store.Maintain.RemoveOldAsync(RetentionPolicy.Default with { Inputs = TimeSpan.Zero }, 3, Cancellation) > 0)
        {
        }

        await CollectAsync();
    }

    private async Task CollectAsync()
    {
        while (await Store.Maintain.RemoveUnreferencedAsync(10, Cancellation) > 0) Host.Verify();
    }

    /// <summary>The lease of the first node ends, and another process cleans up.</summary>
    private async Task LoseAsync(IQueueStore other)
    {
        await PassAsync(Lease + TimeSpan.FromSeconds(1));
        other.Nodes.Register("second", Lease);
        await other.Maintain.RescueAsync(100, Cancellation);
        while (await other.Maintain.RemoveUnreferencedAsync(10, Cancellation) > 0) Host.Verify();
    }
}
