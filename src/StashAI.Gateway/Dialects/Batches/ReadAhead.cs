using System.Runtime.CompilerServices;

namespace StashAI.Gateway.Dialects.Batches;

/// <summary>Reads the next page while the last one is used, so that reading and writing do not take turns.</summary>
internal static class ReadAhead
{
    /// <summary>The same pages. There are never more than two in memory: the one that is used, and the next.</summary>
    /// <param name="pages">The pages; each must stay valid while the next is read.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async IAsyncEnumerable<T> OnePageAheadAsync<T>(
        this IAsyncEnumerable<T> pages, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var source = pages.GetAsyncEnumerator(cancellationToken);
        var next = Next();
        try
        {
            while (await next)
            {
                var page = source.Current;
                next = Next();
                yield return page;
            }
        }
        finally
        {
            // Whoever stops early leaves a read behind, whose end nobody else waits for.
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await source.DisposeAsync();
        }

        Task<bool> Next() => source.MoveNextAsync().AsTask();
    }
}
