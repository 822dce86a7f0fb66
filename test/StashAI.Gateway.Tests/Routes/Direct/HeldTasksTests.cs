using StashAI.Gateway.Submit.Direct;
using StashAI.Sdk;

namespace StashAI.Gateway.Tests.Routes.Direct;

/// <summary>What an upload holds in memory in case the database fails it.</summary>
public sealed class HeldTasksTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5000, 7)]
    [InlineData(4096, 4096)]
    [InlineData(700_001, 90_000)]
    public async Task A_payload_comes_back_in_pieces_that_join_as_base64(int size, int written)
    {
        var memory = new DirectMemory(4 << 20);
        var held = new MirroredTasks(2, memory);
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);

        held.BeginTask();
        held.BeginPayload("image", "data:image/png;base64,");
        foreach (var piece in bytes.Chunk(written)) held.Write(piece);
        held.EndPayload();
        held.EndTask("{}"u8.ToArray());

        var payload = Assert.Single(Assert.Single(held.Tasks).Payloads);
        Assert.Equal(("image", "data:image/png;base64,", size), (payload.Slot, payload.DataUrlPrefix, payload.Size));
        for (var read = 0; read < 2; read++)
        {
            var pieces = new List<byte[]>();
            await foreach (var piece in payload.ReadAsync(Cancellation)) pieces.Add(piece.ToArray());
            Assert.Equal(bytes, pieces.SelectMany(piece => piece));
            Assert.All(pieces.SkipLast(1), piece => Assert.Equal(0, piece.Length % 3));
            Assert.All(pieces, piece => Assert.InRange(piece.Length, 1, 1 << 20));
        }

        Assert.True(held.IsComplete);
        held.Release(isUnread: true);
        Assert.Equal(0, memory.Used);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_belongs_to_the_job_comes_behind_the_parts_of_each_task(bool isFirst)
    {
        var memory = new DirectMemory(4 << 20);
        var held = new MirroredTasks(2, memory);
        if (isFirst) AddJobPart();
        for (var i = 0; i < 2; i++)
        {
            held.BeginTask();
            held.BeginPayload("image", null);
            held.Write([1, 2]);
            held.EndPayload();
            held.EndTask(ReadOnlyMemory<byte>.Empty);
        }

        if (!isFirst) AddJobPart();

        Assert.Equal(2, held.Tasks.Count);
        Assert.All(held.Tasks, task => Assert.Equal(["image", "target"], task.Payloads.Select(payload => payload.Slot)));
        held.Release(isUnread: true);
        Assert.Equal(0, memory.Used);

        void AddJobPart()
        {
            held.BeginJobParts();
            held.BeginPayload("target", null);
            held.Write([3]);
            held.EndPayload();
            held.EndTask(ReadOnlyMemory<byte>.Empty);
        }
    }

    [Fact]
    public void More_tasks_or_bytes_than_may_be_held_let_all_of_it_go()
    {
        var memory = new DirectMemory(100_000);
        var many = new MirroredTasks(2, memory);
        for (var i = 0; i < 3; i++) Add(many, 100);
        Assert.Equal((false, 0, 0L), (many.IsComplete, many.Tasks.Count, memory.Used));

        var large = new MirroredTasks(2, memory);
        Add(large, 200_000);
        Add(large, 1);
        Assert.Equal((false, 0, 0L), (large.IsComplete, large.Tasks.Count, memory.Used));
    }

    [Fact]
    public void All_uploads_share_one_bound()
    {
        var memory = new DirectMemory(100_000);
        var uploads = Enumerable.Range(0, 50).Select(_ => new MirroredTasks(10, memory)).ToList();

        Parallel.ForEach(uploads, upload =>
        {
            for (var i = 0; i < 10; i++) Add(upload, 1000);
        });

        Assert.InRange(memory.Used, 0, 100_000);
        Assert.Contains(uploads, upload => !upload.IsComplete);
        foreach (var upload in uploads) upload.Release(isUnread: true);
        Assert.Equal(0, memory.Used);
    }

    private static void Add(MirroredTasks held, int bytes)
    {
        held.BeginTask();
        held.BeginPayload("image", null);
        held.Write(new byte[bytes]);
        held.EndPayload();
        held.EndTask(ReadOnlyMemory<byte>.Empty);
    }
}
