using StashAI.Queue.Model.Interactions;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Interactions;

/// <summary>
/// Finds interactions that other processes have recorded. Their keys may become visible out of order, so each round reads the last two
/// seconds again. If a round has more than a page, the oldest are left out, as for slow clients.
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

    /// <summary>Starts with interactions that are recorded from now on.</summary>
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

    /// <summary>Marks an interaction as published; true when it was not before.</summary>
    public bool TryTell(long key)
    {
        lock (gate) return !isFollowing || told.TryAdd(key, clock.GetTimestamp());
    }

    /// <summary>Runs one round; <paramref name="found"/> receives new interactions, oldest first.</summary>
    public async Task PollAsync(Action<InteractionView> found, CancellationToken cancellationToken)
    {
        var page = await store.ListInteractionsAsync(new InteractionFilter(null, null, null, Page, 0) { After = floor }, cancellationToken);
        foreach (var interaction in page.Reverse())
        {
            // The database has millisecond precision.
            if (TryTell(interaction.Key) && interaction.CreatedAt.AddMilliseconds(1) > since) found(interaction);
        }

        // Earlier interactions are known from here on; a clock that is set back must not suppress new ones.
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
