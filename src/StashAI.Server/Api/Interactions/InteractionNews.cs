using StashAI.Queue.Live;
using StashAI.Queue.Model;
using StashAI.Server.Live;

namespace StashAI.Server.Api.Interactions;

/// <summary>Tells live clients of interactions that this process recorded.</summary>
internal sealed class InteractionNews(InteractionFeed feed, LiveHub hub) : IHostedService, IInteractionListener
{
    private IDisposable? listening;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        listening = feed.Listen(this);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        listening?.Dispose();
        return Task.CompletedTask;
    }

    public void OnInteraction(InteractionView interaction) =>
        hub.Publish(interaction.Interaction.SessionId, JsonBytes.Of(json => InteractionJson.Write(json, interaction)));
}
