using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary>
/// Two jobs side by side, in the order of the items of one of them. A job that repeats items of the other is compared with it item by item;
/// other jobs are compared by the positions of their items.
/// </summary>
internal sealed class JobComparison
{
    /// <summary>How many items of a job are counted.</summary>
    public const int MaxCounted = 20_000;

    /// <summary>How many items one page looks at.</summary>
    public const int MaxLooked = 5000;

    private const string Same = "same";
    private const string Different = "different";
    private const string Open = "open";
    private const string OnlyHere = "only_here";
    private const string OnlyThere = "only_there";

    private readonly IRead store;
    private readonly JobView first;
    private readonly JobView second;

    /// <summary>True when the job that is asked for comes second, because it repeats items of the other.</summary>
    private readonly bool isSwapped;

    public JobComparison(IRead store, JobView here, JobView there)
    {
        this.store = store;
        isSwapped = here.SourceJob == there.JobId;
        (first, second) = isSwapped ? (there, here) : (here, there);
    }

    /// <summary>What the comparison of an item can say.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [Same, Different, Open, OnlyHere, OnlyThere];

    /// <summary>True when one job repeats items of the other.</summary>
    public bool IsRerun => second.SourceJob == first.JobId;

    /// <summary>How many items there are of each kind; the second value is false when only the first items were counted.</summary>
    public async Task<(IReadOnlyDictionary<string, int> Counts, bool IsExact)> CountAsync(CancellationToken cancellationToken)
    {
        var counts = Kinds.ToDictionary(kind => kind, _ => 0);
        var (from, paired) = (0, 0);
        while (from < MaxCounted)
        {
            var pairs = await ReadAsync(from, MaxLooked, cancellationToken);
            foreach (var pair in pairs) counts[KindOf(pair)]++;
            paired += pairs.Count(pair => pair.First is not null);
            from += pairs.Count;
            if (pairs.Count < MaxLooked) break;
        }

        var isExact = from >= second.Counters.Total;
        if (isExact) counts[KindOfFirst] += first.Counters.Total - paired;
        return (counts, isExact);
    }

    /// <summary>A page of items from a place on; the second value is where the next page starts, or null after the last.</summary>
    public async Task<(IReadOnlyList<ComparedItem> Items, long? Next)> PageAsync(
        long place, int limit, string? kind, CancellationToken cancellationToken)
    {
        var (here, there) = (TaskKey.JobOf(place), TaskKey.OrdinalOf(place));
        var pairs = new Queue<ItemPair>(await ReadAsync(there, MaxLooked, cancellationToken));
        // What follows the last pair that was read is not known yet, unless it was the job's last item.
        var isEnd = there + pairs.Count >= second.Counters.Total;
        var items = new List<ComparedItem>();
        for (var looked = 0; looked < MaxLooked && items.Count < limit; looked++)
        {
            ComparedItem item;
            if (pairs.TryPeek(out var pair) ? here < (pair.First ?? first.Counters.Total) : isEnd && here < first.Counters.Total)
            {
                item = Item(KindOfFirst, (int)here++, null);
            }
            else if (pair is not null)
            {
                pairs.Dequeue();
                there++;
                if (pair.First is { } position) here = position + 1;
                item = Item(KindOf(pair), pair.First, pair.Second);
            }
            else
            {
                break;
            }

            if (kind is null || item.Kind == kind) items.Add(item);
        }

        var isOver = there >= second.Counters.Total && here >= first.Counters.Total;
        return (items, isOver ? null : TaskKey.From(here, there));
    }

    private string KindOfFirst => isSwapped ? OnlyThere : OnlyHere;

    private ComparedItem Item(string kind, int? ofFirst, int? ofSecond) =>
        isSwapped ? new ComparedItem(kind, ofSecond, ofFirst) : new ComparedItem(kind, ofFirst, ofSecond);

    private string KindOf(ItemPair pair)
    {
        if (pair.FirstState is not { } state) return isSwapped ? OnlyHere : OnlyThere;
        if (!TaskStateMachine.IsTerminal(state) || !TaskStateMachine.IsTerminal(pair.SecondState)) return Open;
        return pair.IsSame ? Same : Different;
    }

    private Task<IReadOnlyList<ItemPair>> ReadAsync(int from, int limit, CancellationToken cancellationToken) =>
        store.ListPairsAsync(first.Key, second.Key, IsRerun, from, limit, cancellationToken);
}

/// <summary>An item of two jobs.</summary>
/// <param name="Kind">What the comparison says.</param>
/// <param name="Here">Its position in the job that was asked for; null where it is not there.</param>
/// <param name="There">Its position in the other.</param>
internal sealed record ComparedItem(string Kind, int? Here, int? There);
