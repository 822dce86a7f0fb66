namespace StashAI.Gateway.Live.Hub;

/// <summary>A list with those who follow it. Only the loop of <see cref="LiveLists"/> reads and tells.</summary>
internal sealed class ListTopic(DateTimeOffset since)
{
    private const int MaxRemembered = 10_000;

    private readonly HashSet<ListSubscription> followers = [];
    private readonly HashSet<ListSubscription> newcomers = [];
    private readonly Dictionary<long, bool> matched = [];

    /// <summary>The keys of the jobs that the last page showed.</summary>
    public IReadOnlyList<long> Shown { get; set; } = [];

    /// <summary>The services as they were told last.</summary>
    public Dictionary<string, ReadOnlyMemory<byte>> Services { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether everything was paused when the services were told last, and until when.</summary>
    public EverythingPause Everything { get; set; }

    public bool IsEmpty => followers.Count == 0;

    public bool HasNewcomers => newcomers.Count > 0;

    public void Add(ListSubscription subscription)
    {
        followers.Add(subscription);
        newcomers.Add(subscription);
    }

    public void Remove(ListSubscription subscription)
    {
        followers.Remove(subscription);
        newcomers.Remove(subscription);
    }

    public ListSubscription[] TakeNewcomers()
    {
        ListSubscription[] taken = [.. newcomers];
        newcomers.Clear();
        return taken;
    }

    /// <summary>They wait for a page again.</summary>
    public void PutBack(IEnumerable<ListSubscription> subscriptions) => newcomers.UnionWith(subscriptions.Where(followers.Contains));

    public ListSubscription[] Followers() => [.. followers];

    /// <summary>Remembers that a job matches.</summary>
    public void Match(long key) => Remember(key, true);

    /// <summary>
    /// True for a job that followers may know of, and that does not match any more. One that is newer than the topic and never matched is
    /// no news to them.
    /// </summary>
    public bool Leave(long key, DateTimeOffset createdAt)
    {
        var isNews = matched.TryGetValue(key, out var before) ? before : createdAt < since;
        Remember(key, false);
        return isNews;
    }

    private void Remember(long key, bool isMatch)
    {
        // Forgetting only repeats news.
        if (matched.Count >= MaxRemembered) matched.Clear();
        matched[key] = isMatch;
    }
}
