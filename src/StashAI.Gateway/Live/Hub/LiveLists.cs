using System.Buffers;
using System.Text.Json;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Live;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Signals;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Live.Hub;

/// <summary>
/// Tells clients what changes in the lists that they follow: a page first, then the newest state of what changed, at most five times a
/// second. One loop reads for all of them, so pages and changes come in the right order, and equal filters cost one read. While nobody
/// follows a list it reads nothing.
/// </summary>
internal sealed class LiveLists(
    IRead store, QueueFeed feed, LiveLimits limits, TimeProvider clock, ILogger<LiveHub> logger, ILiveJobs? jobs = null,
    ILiveServiceStates? services = null) : BackgroundService, IQueueListener
{
    /// <summary>How many jobs a page shows.</summary>
    public const int PageSize = 100;

    private const int JobsPerRead = 500;

    /// <summary>With more changed jobs than this only versions are compared.</summary>
    private const int MaxChanged = 20_000;

    private readonly JobWatermarks watermarks = new(store);
    private readonly Dictionary<LiveFilter, ListTopic> topics = [];
    private readonly Dictionary<long, Guid?> changed = [];
    private readonly Lock gate = new();
    private readonly Wakeup arrivals = new(clock);
    private readonly Wakeup news = new(clock);
    private TaskCompletionSource someone = NewSignal();
    private volatile bool isWatched;
    private volatile bool isUnsure;
    private long lastRound;
    private long lastComparison;
    private long lastServices;

    /// <summary>Reads the filter of a list of jobs.</summary>
    public LiveFilter Jobs(JsonElement? filter) => LiveFilter.Jobs(jobs!.Read(filter));

    /// <summary>False when too many different lists are followed, and this is another one.</summary>
    public bool HasRoom(LiveFilter filter)
    {
        lock (gate) return topics.Count < limits.MaxFilters || topics.ContainsKey(filter);
    }

    /// <summary>Follows a list: a page comes soon, then what changes.</summary>
    public void Follow(ListSubscription subscription)
    {
        lock (gate)
        {
            if (!topics.TryGetValue(subscription.Filter, out var topic))
                topics.Add(subscription.Filter, topic = new ListTopic(clock.GetUtcNow()));

            topic.Add(subscription);
            isWatched = true;
            someone.TrySetResult();
        }

        arrivals.Set();
        news.Set();
    }

    public void Leave(ListSubscription subscription)
    {
        lock (gate)
        {
            if (!topics.TryGetValue(subscription.Filter, out var topic)) return;
            topic.Remove(subscription);
            if (topic.IsEmpty) topics.Remove(subscription.Filter);
            isWatched = topics.Count > 0;
        }
    }

    public void OnChanged(ChangeSet changes)
    {
        if (!isWatched) return;
        lock (gate)
        {
            foreach (var job in changes.Jobs) Add(job.Key, job.JobId);
        }

        news.Set();
    }

    public void OnChangedElsewhere(IReadOnlyList<long>? jobs)
    {
        if (!isWatched) return;
        if (jobs is null)
        {
            isUnsure = true;
        }
        else
        {
            lock (gate)
            {
                foreach (var job in jobs) Add(job, null);
            }
        }

        news.Set();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var listening = feed.Listen(this);
        try
        {
            while (true)
            {
                if (!isWatched) Forget();
                await SomebodyAsync().WaitAsync(stoppingToken);
                arrivals.Reset();
                news.Reset();
                await TryRunOnceAsync(stoppingToken);
                await arrivals.WaitAsync(limits.ListPause, stoppingToken);
                await news.WaitAsync(limits.Poll, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The server is stopping.
        }
    }

    private void Add(long key, Guid? id)
    {
        if (changed.Count >= MaxChanged) isUnsure = true;
        else if (id is not null || !changed.ContainsKey(key)) changed[key] = id;
    }

    private async Task TryRunOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            var followsJobs = Topics().Any(topic => topic.Filter.Query is not null);
            if (!followsJobs) Forget();
            // The versions first: what changes from here on is news behind the page.
            else if (!watermarks.HasBegun) await CompareAsync(cancellationToken);
            await WelcomeAsync(cancellationToken);
            if (lastRound != 0 && clock.GetElapsedTime(lastRound) < limits.ListPause) return;
            lastRound = clock.GetTimestamp();
            if (followsJobs)
            {
                if (isUnsure || clock.GetElapsedTime(lastComparison) >= limits.Poll) await CompareAsync(cancellationToken);
                await TellJobsAsync(cancellationToken);
            }

            await TellServicesAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // What was taken is found again by comparing.
            isUnsure = true;
            LiveLog.PollFailed(logger, exception.Message);
        }
    }

    private void Forget()
    {
        watermarks.Clear();
        lock (gate) changed.Clear();
    }

    private async Task CompareAsync(CancellationToken cancellationToken)
    {
        lastComparison = clock.GetTimestamp();
        isUnsure = false;
        var shown = Topics().Where(topic => topic.Filter.Query is not null).ToList();
        if (shown.Count == 0) return;
        var found = await watermarks.CompareAsync(shown.SelectMany(topic => topic.Topic.Shown), cancellationToken);
        lock (gate)
        {
            foreach (var (key, id) in found) Add(key, id);
        }
    }

    /// <summary>Sends a page to those who have none.</summary>
    private async Task WelcomeAsync(CancellationToken cancellationToken)
    {
        foreach (var (filter, topic) in Topics())
        {
            ListSubscription[] newcomers;
            lock (gate) newcomers = topic.TakeNewcomers();
            if (newcomers.Length == 0) continue;
            try
            {
                var page = filter.Query is { } query
                    ? await ReadPageAsync(topic, query, cancellationToken)
                    : await ReadServicesAsync(topic, cancellationToken);
                foreach (var newcomer in newcomers) newcomer.Begin(page);
            }
            catch
            {
                lock (gate) topic.PutBack(newcomers);
                throw;
            }
        }
    }

    private async Task<ListPage> ReadPageAsync(ListTopic topic, JobQuery query, CancellationToken cancellationToken)
    {
        var page = await store.QueryJobsAsync(query with { Limit = PageSize }, cancellationToken);
        topic.Shown = [.. page.Jobs.Select(job => job.Key)];
        foreach (var job in page.Jobs) topic.Match(job.Key);
        var paces = await jobs!.ReadPacesAsync(page.Jobs, cancellationToken);
        return new ListPage([.. page.Jobs.Select(job => Entry(job, paces[job.Key]))], json => jobs.WriteEnd(json, page));
    }

    private async Task TellJobsAsync(CancellationToken cancellationToken)
    {
        KeyValuePair<long, Guid?>[] taken;
        lock (gate)
        {
            taken = [.. changed];
            changed.Clear();
        }

        foreach (var part in taken.Chunk(JobsPerRead))
        {
            try
            {
                await TellJobsAsync(part, cancellationToken);
            }
            catch
            {
                lock (gate)
                {
                    foreach (var (key, id) in taken) Add(key, id);
                }

                throw;
            }
        }
    }

    private async Task TellJobsAsync(KeyValuePair<long, Guid?>[] part, CancellationToken cancellationToken)
    {
        var found = (await store.FindJobsAsync([.. part.Select(job => job.Key)], cancellationToken)).ToDictionary(job => job.Key);
        var removed = new List<ListEntry>();
        foreach (var (key, id) in part.Where(job => !found.ContainsKey(job.Key)))
        {
            if ((id ?? watermarks.IdOf(key)) is { } publicId) removed.Add(new ListEntry($"{publicId}", ListChange.Removed, default));
        }

        var fresh = found.Values.Where(watermarks.IsNews).ToList();
        var paces = await jobs!.ReadPacesAsync(fresh, cancellationToken);
        var entries = new Dictionary<(long Key, long Version), ReadOnlyMemory<byte>>();
        foreach (var (filter, topic) in Topics().Where(topic => topic.Filter.Query is not null))
        {
            var told = new List<ListEntry>(removed);
            if (fresh.Count > 0) await MatchAsync(filter, topic, fresh, EntryOnce, told, cancellationToken);
            Tell(topic, told, _ => { });
        }

        // Only now: when a read above failed, they are news again.
        foreach (var job in fresh) watermarks.Remember(job);
        foreach (var (key, _) in part.Where(job => !found.ContainsKey(job.Key))) watermarks.Remove(key);

        ReadOnlyMemory<byte> EntryOnce(JobView job)
        {
            if (entries.TryGetValue((job.Key, job.Version), out var entry)) return entry;
            return entries[(job.Key, job.Version)] = Entry(job, paces.GetValueOrDefault(job.Key));
        }
    }

    private async Task MatchAsync(
        LiveFilter filter, ListTopic topic, List<JobView> fresh, Func<JobView, ReadOnlyMemory<byte>> entryOf, List<ListEntry> told,
        CancellationToken cancellationToken)
    {
        var matching = await FindAsync(filter.Query!, fresh, cancellationToken);
        foreach (var job in matching)
        {
            topic.Match(job.Key);
            told.Add(new ListEntry($"{job.JobId}", ListChange.Changed, entryOf(job)));
        }

        if (!filter.IsChangeable || matching.Count == fresh.Count) return;
        var known = matching.Select(job => job.Key).ToHashSet();
        var others = fresh.Where(job => !known.Contains(job.Key)).ToList();
        foreach (var job in await FindAsync(LiveFilter.Fixed(filter.Query!), others, cancellationToken))
        {
            if (topic.Leave(job.Key, job.CreatedAt)) told.Add(new ListEntry($"{job.JobId}", ListChange.Left, entryOf(job)));
        }
    }

    /// <summary>Those of the jobs that the list shows, found by the code that makes the list.</summary>
    private async Task<IReadOnlyList<JobView>> FindAsync(JobQuery query, List<JobView> among, CancellationToken cancellationToken)
    {
        var ids = among.Select(job => job.JobId);
        if (query.OnlyIds is { } only) ids = ids.Intersect(only);
        List<Guid> named = [.. ids];
        if (named.Count == 0) return [];
        return (await store.QueryJobsAsync(query with { OnlyIds = named, Limit = named.Count }, cancellationToken)).Jobs;
    }

    private async Task TellServicesAsync(CancellationToken cancellationToken)
    {
        ListTopic? topic;
        lock (gate) topic = topics.GetValueOrDefault(LiveFilter.Services);
        if (topic is null || clock.GetElapsedTime(lastServices) < limits.ServicesPause) return;
        var before = (topic.Everything, Services: topic.Services.ToDictionary());
        await ReadServicesAsync(topic, cancellationToken);
        List<ListEntry> told =
        [
            .. topic.Services.Where(one => !before.Services.TryGetValue(one.Key, out var last) || !last.Span.SequenceEqual(one.Value.Span))
                .Select(one => new ListEntry(one.Key, ListChange.Changed, one.Value)),
            .. before.Services.Keys.Where(name => !topic.Services.ContainsKey(name))
                .Select(name => new ListEntry(name, ListChange.Removed, default)),
        ];
        var everything = topic.Everything;
        if (told.Count > 0 || before.Everything != everything) Tell(topic, told, json => Write(json, everything));
    }

    private async Task<ListPage> ReadServicesAsync(ListTopic topic, CancellationToken cancellationToken)
    {
        var (everything, all) = await services!.ReadAsync(cancellationToken);
        lastServices = clock.GetTimestamp();
        topic.Everything = everything;
        topic.Services.Clear();
        foreach (var (name, entry) in all) topic.Services.Add(name, entry);
        return new ListPage([.. all.Select(one => one.Entry)], json => Write(json, everything));
    }

    private static void Write(Utf8JsonWriter json, EverythingPause everything)
    {
        json.WriteBoolean("everything_paused", everything.IsPaused);
        json.WriteTime("everything_paused_until", everything.Until);
    }

    private void Tell(ListTopic topic, List<ListEntry> told, Action<Utf8JsonWriter> rest)
    {
        if (told.Count == 0 && topic.Services.Count == 0) return;
        lock (gate)
        {
            foreach (var follower in topic.Followers())
            {
                if (follower.TryAdd(told, rest)) continue;
                topic.PutBack([follower]);
                arrivals.Set();
            }
        }
    }

    private ReadOnlyMemory<byte> Entry(JobView job, JobPace pace)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options)) jobs!.Write(json, job, pace);
        return buffer.WrittenMemory;
    }

    private List<(LiveFilter Filter, ListTopic Topic)> Topics()
    {
        lock (gate) return [.. topics.Select(topic => (topic.Key, topic.Value))];
    }

    private Task SomebodyAsync()
    {
        lock (gate)
        {
            if (topics.Count > 0) return Task.CompletedTask;
            if (someone.Task.IsCompleted) someone = NewSignal();
            return someone.Task;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
