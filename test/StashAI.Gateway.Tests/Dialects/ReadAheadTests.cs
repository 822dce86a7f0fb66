using StashAI.Gateway.Dialects.Batches;

namespace StashAI.Gateway.Tests.Dialects;

/// <summary>Pages of results are read while the last one is written.</summary>
public sealed class ReadAheadTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_next_page_is_read_while_one_is_used_and_no_other()
    {
        var read = 0;
        var used = 0;
        await foreach (var page in PagesAsync().OnePageAheadAsync(Token))
        {
            Assert.Equal(used++, page);
            // What is read of this source is read at once.
            Assert.Equal(Math.Min(5, used + 1), read);
        }

        Assert.Equal(5, used);

        async IAsyncEnumerable<int> PagesAsync()
        {
            for (; read < 5; await Task.CompletedTask) yield return read++;
        }
    }

    [Fact]
    public async Task Who_stops_early_leaves_no_read_behind()
    {
        var gate = new TaskCompletionSource();
        var isDisposed = false;
        var pages = PagesAsync().OnePageAheadAsync(Token).GetAsyncEnumerator(Token);
        Assert.True(await pages.MoveNextAsync());

        var end = pages.DisposeAsync().AsTask();
        Assert.False(end.IsCompleted);
        gate.SetResult();
        await end;

        Assert.True(isDisposed);

        async IAsyncEnumerable<int> PagesAsync()
        {
            try
            {
                yield return 1;
                await gate.Task;
                yield return 2;
            }
            finally
            {
                isDisposed = true;
            }
        }
    }

    [Fact]
    public async Task What_a_read_throws_comes_behind_the_pages_before_it()
    {
        var seen = new List<int>();
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (var page in PagesAsync().OnePageAheadAsync(Token)) seen.Add(page);
        });

        Assert.Equal([1], seen);
        Assert.Equal("lost", thrown.Message);

        static async IAsyncEnumerable<int> PagesAsync()
        {
            yield return 1;
            await Task.CompletedTask;
            throw new InvalidOperationException("lost");
        }
    }
}
