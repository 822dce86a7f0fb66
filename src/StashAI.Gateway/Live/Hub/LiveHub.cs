using StashAI.Queue.Live;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Signals;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Live.Hub;

/// <summary>
/// Knows which client follows what, and queues changes for each client. Changes of this process come from the queue's feed. Changes of
/// other processes are found by comparing versions, which also makes up for lost hints. While nobody follows anything, it reads nothing.
/// </summary>
internal sealed class LiveHub(
    IRead store, QueueFeed feed, LiveStats stats, LiveLimits limits, TimeProvider clock, ILogger<LiveHub> logger)
    : BackgroundService, IQueueListener
{
    /// <summary>Shortest time between two comparisons of versions: a busy process sends many hints.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(50);

    private readonly LiveTopics topics = new(clock);
    private readonly LiveAudience audience = new();
    private readonly VersionFollower follower = new(store);
    private readonly Wakeup news = new(clock);
    private readonly Lock gate = new();
    private TaskCompletionSource someone = NewSignal();

    public void Subscribe(LiveKey key, LiveSubscriber subscriber)
    {
        topics.Add(key, subscriber);
        lock (gate) someone.TrySetResult();
    }

    public void Unsubscribe(LiveKey key, LiveSubscriber subscriber) => topics.Remove(key, subscriber);

    /// <summary>Sends a client the interactions of its session, or of all sessions, from now on.</summary>
    public void Join(LiveSubscriber subscriber, string session, bool hearsAll) => audience.Join(subscriber, session, hearsAll);

    /// <summary>Removes a client with all its subscriptions.</summary>
    public void Leave(LiveSubscriber subscriber, string session)
    {
        audience.Leave(subscriber, session);
        foreach (var key in subscriber.Keys()) topics.Remove(key, subscriber);
    }

    /// <summary>True while at least one client listens to interactions.</summary>
    public bool HasAudience => !audience.IsEmpty;

    /// <summary>Completes when at least one client listens to interactions.</summary>
    public Task AudienceAsync() => audience.SomebodyAsync();

    /// <summary>Sends a stored interaction to everyone who listens to its session.</summary>
    /// <param name="session">Its session.</param>
    /// <param name="interaction">The <c>data</c> that clients get: a JSON object that must not be changed afterwards.</param>
    public void Publish(string session, ReadOnlyMemory<byte> interaction) => audience.Tell(session, interaction);

    public void OnChangedElsewhere(IReadOnlyList<long>? jobs)
    {
        if (topics.IsEmpty) return;
        if (jobs is null || topics.Keys.Any(key => key.Kind == LiveKind.Task) || jobs.Any(job => topics.Contains(LiveKey.Job(job))))
        {
            news.Set();
        }
    }

    public void OnChanged(ChangeSet changes)
    {
        if (topics.IsEmpty) return;
        foreach (var task in changes.Tasks) topics.Notify(LiveKey.Task(task.Key), task.Version, TaskStateMachine.IsTerminal(task.State));
        foreach (var job in changes.Jobs) topics.Notify(LiveKey.Job(job.Key), job.Version, JobStateMachine.IsTerminal(job.After));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var listening = feed.Listen(this);
        try
        {
            await Task.WhenAll(FollowVersionsAsync(stoppingToken), FollowStatsAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The server is stopping.
        }
    }

    private async Task FollowVersionsAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await SomebodyAsync().WaitAsync(stoppingToken);
            await Task.Delay(Settle, clock, stoppingToken);
            await news.WaitAsync(limits.Poll - Settle, stoppingToken);
            news.Reset();
            try
            {
                await follower.PollAsync(topics.Keys, OnChanged, stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LiveLog.PollFailed(logger, exception.Message);
            }
        }
    }

    private async Task FollowStatsAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await SomebodyAsync().WaitAsync(stoppingToken);
            await Task.Delay(limits.StatsPoll, clock, stoppingToken);
            if (!topics.Contains(LiveKey.Stats)) continue;
            try
            {
                var (version, _) = await stats.ReadAsync(stoppingToken);
                topics.Notify(LiveKey.Stats, version, isTerminal: false);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LiveLog.PollFailed(logger, exception.Message);
            }
        }
    }

    private Task SomebodyAsync()
    {
        lock (gate)
        {
            if (!topics.IsEmpty) return Task.CompletedTask;
            if (someone.Task.IsCompleted) someone = NewSignal();
            return someone.Task;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
