using StashAI.Gateway.Live.Hub;
using StashAI.Gateway.Submit.Interactions;
using StashAI.Queue.Live;
using StashAI.Queue.Model.Interactions;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Interactions;

/// <summary>
/// Publishes interactions to live clients: those of this process at once, and those of other processes on the same database at the pace of
/// the live feed, while a client listens.
/// </summary>
internal sealed class InteractionNews(
    InteractionFeed feed, LiveHub hub, IInteractions store, LiveLimits limits, TimeProvider clock, ILogger<InteractionNews> logger)
    : BackgroundService, IInteractionListener
{
    private readonly InteractionFollower follower = new(store, clock);

    public void OnInteraction(InteractionView interaction)
    {
        if (follower.TryTell(interaction.Key)) Tell(interaction);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var listening = feed.Listen(this);
        try
        {
            while (true)
            {
                await hub.AudienceAsync().WaitAsync(stoppingToken);
                follower.Begin();
                while (hub.HasAudience) await PollAsync(stoppingToken);
                follower.End();
            }
        }
        catch (OperationCanceledException)
        {
            // The server is stopping.
        }
    }

    private async Task PollAsync(CancellationToken stoppingToken)
    {
        try
        {
            await follower.PollAsync(Tell, stoppingToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LiveLog.PollFailed(logger, exception.Message);
        }

        await Task.Delay(limits.Poll, clock, stoppingToken);
    }

    private void Tell(InteractionView interaction)
    {
        // Nobody listens most of the time, and a message costs as much as its answer.
        if (!hub.HasAudience) return;
        hub.Publish(interaction.Interaction.SessionId, JsonBytes.Of(json => InteractionJson.Write(json, interaction)));
    }
}
