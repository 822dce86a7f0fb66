using StashAI.Queue.Live;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Signals;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Live.Hub;

/// <summary>
/// Knows who follows what, and notes on each client what changed. Changes of this process come from the queue's feed; those of other
/// processes are found by comparing versions, which also makes up for any hint that was lost. While nobody follows anything it reads nothing.
/// </summary>
internal sealed class LiveHub(
    IRead store, QueueFeed feed, LiveStats stats, LiveLimits limits, TimeProvider clock, ILogger<LiveHub> logger) : BackgroundService, IQueueListener
{
    /// <summary>Many hints come while another process is busy; versions are compared no more often than this.</summary>
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

    /// <summary>Lets a client hear of interactions: of its session, or of all.</summary>
    public void Join(LiveSubscriber subscriber, string session, bool hearsAll) => audience.Join(subscriber, session, hearsAll);

    /// <summary>Ends all that a client follows.</summary>
    public void Leave(LiveSubscriber subscriber, string session)
    {
        audience.Leave(subscriber, session);
        foreach (var key in subscriber.Keys()) topics.Remove(key, subscriber);
    }

    /// <summary>True while anybody may hear of interactions.</summary>
    public bool HasAudience => !audience.IsEmpty;

    /// <summary>Completes once anybody may hear of interactions.</summary>
    public Task AudienceAsync() => audience.SomebodyAsync();

    /// <summary>Passes an interaction that was stored to whoever may hear of it.</summary>
    /// <param name="session">Its session.</param>
    /// <param name="interaction">What clients get as `data`, a JSON object that nobody changes any more.</param>
    public void Publish(string session, ReadOnlyMemory<byte> interaction) => audience.Tell(session, interaction);

    public void OnChangedElsewhere(IReadOnlyList<long>? jobs)
    {
        if (topics.IsEmpty) return;
        if (jobs is null || topics.Keys.Any(key => key.Kind == LiveKind.Task) || jobs.Any(job => topics.Contains(LiveKey.Job(job)))) news.Set();
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
            // The server stops.
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
            catch (Exception error) when (error is not OperationCanceledException)
            {
                LiveLog.PollFailed(logger, error.Message);
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
            catch (Exception error) when (error is not OperationCanceledException)
            {
                LiveLog.PollFailed(logger, error.Message);
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
