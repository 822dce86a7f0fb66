using System.Text;
using StashAI.Gateway.Dialects.OpenAi.Batches;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Tests.Dialects.OpenAi;

/// <summary>Lines are stored beside the check of the next ones.</summary>
public sealed class LineStoreTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    private static readonly CheckedLine[] Lines =
    [
        .. Enumerable.Range(0, 5).Select(
            i => new CheckedLine($"\"{i}\"", Encoding.UTF8.GetBytes(new string((char)('a' + i), 600_000)), null)),
    ];

    [Fact]
    public async Task Lines_arrive_in_their_order_and_the_check_goes_on_meanwhile()
    {
        await using var upload = new GatedUpload();
        await using var store = new LineStore(upload);

        // The first two begin to be written, and two more gather, while no write ends.
        foreach (var line in Lines[..3]) await store.AddAsync(line, Token);
        var waiting = store.AddAsync(Lines[3], Token).AsTask();
        Assert.False(waiting.IsCompleted);
        upload.Open.SetResult();
        await waiting;
        await store.AddAsync(Lines[4], Token);
        await store.SettleAsync(Token);

        Assert.Equal(["\"0\" a", "\"1\" b", "\"2\" c", "\"3\" d", "\"4\" e"], upload.Tasks);
    }

    [Fact]
    public async Task What_cannot_be_written_ends_the_check()
    {
        await using var upload = new GatedUpload();
        await using var store = new LineStore(upload);
        upload.Open.SetException(new TooManyTasksException());

        await store.AddAsync(Lines[0], Token);
        await store.AddAsync(Lines[1], Token);

        await Assert.ThrowsAsync<TooManyTasksException>(() => store.SettleAsync(Token));
    }

    /// <summary>Notes tasks; none ends before it is open.</summary>
    private sealed class GatedUpload : IUpload
    {
        private string? id;

        public TaskCompletionSource Open { get; } = new();

        public List<string> Tasks { get; } = [];

        public int TaskCount => Tasks.Count;

        public void BeginTask() => Assert.Null(id);

        public void NameTask(ItemName name) => id = name.Id;

        public async ValueTask EndTaskAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
        {
            await Open.Task.WaitAsync(cancellationToken);
            Tasks.Add($"{id} {(char)input.Span[0]}");
            id = null;
        }

        public ValueTask DisposeAsync() => default;

        public void KeepLargeInputsApart() => throw new NotSupportedException();

        public void BeginJobParts() => throw new NotSupportedException();

        public Task IdentifyTasksAsync(IReadOnlyList<string?> ids, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public void BeginPayload(string slot, string? dataUrlPrefix) => throw new NotSupportedException();

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => throw new NotSupportedException();

        public void EndPayload() => throw new NotSupportedException();

        public Task<IReadOnlyList<int>> CopyAsync(long sourceKey, CopiedTasks which, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<EnqueuedJob> CommitAsync(NewJob job, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
