using StashAI.Queue.Model.Interactions;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Interactions;

/// <summary>
/// Finds interactions that other processes recorded. Their keys may become visible out of order, so each round looks at those of the last two
/// seconds again; of more than a page a round the oldest are left out, as slow clients lose them too.
/// </summary>
internal sealed class InteractionFollower(IInteractions store, TimeProvider clock)
{
    private const int Page = 500;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly Dictionary<long, long> told = [];
    private bool isFollowing;
    private DateTimeOffset since;
    private long floor;
    private (long Key, long At) newest;

    /// <summary>Begins with what is recorded from now on.</summary>
    public void Begin()
    {
        lock (gate) (isFollowing, since, floor, newest) = (true, clock.GetUtcNow(), 0, default);
    }

    public void End()
    {
        lock (gate)
        {
            isFollowing = false;
            told.Clear();
        }
    }

    /// <summary>True when nobody was told of this one yet; it counts as told from then on.</summary>
    public bool TryTell(long key)
    {
        lock (gate) return !isFollowing || told.TryAdd(key, clock.GetTimestamp());
    }

    /// <summary>One round; <paramref name="found"/> gets what was not told yet, oldest first.</summary>
    public async Task PollAsync(Action<InteractionView> found, CancellationToken cancellationToken)
    {
        var page = await store.ListInteractionsAsync(new InteractionFilter(null, null, null, Page, 0) { After = floor }, cancellationToken);
        foreach (var interaction in page.Reverse())
        {
            // The database tells milliseconds.
            if (TryTell(interaction.Key) && interaction.CreatedAt.AddMilliseconds(1) > since) found(interaction);
        }

        // What was there before is known from here on, and a clock that is set back must not silence what comes.
        lock (gate) since = DateTimeOffset.MinValue;
        Move(page);
    }

    private void Move(IReadOnlyList<InteractionView> page)
    {
        lock (gate)
        {
            if (page.Count > 0 && page[0].Key != newest.Key)
            {
                newest = (page[0].Key, clock.GetTimestamp());
                floor = page.Where(one => one.CreatedAt < page[0].CreatedAt - Window).Select(one => one.Key).DefaultIfEmpty(floor).Max();
            }
            else if (newest.Key > floor && clock.GetElapsedTime(newest.At) > Window)
            {
                floor = newest.Key;
            }

            foreach (var (key, at) in told)
            {
                if (clock.GetElapsedTime(at) > Memory) told.Remove(key);
            }
        }
    }
}
