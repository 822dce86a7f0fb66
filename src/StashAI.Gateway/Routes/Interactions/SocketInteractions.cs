using System.Text.Json;
using StashAI.Gateway.Live.Hub;
using StashAI.Gateway.Submit.Interactions;
using StashAI.Gateway.Wire.Json;
using StashAI.Queue.Live;
using StashAI.Queue.Model.Interactions;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Interactions;

/// <summary>Records interactions from sockets in the same way as <c>POST /api/interactions</c>.</summary>
internal sealed class SocketInteractions(IInteractions store, InteractionFeed feed, TimeProvider clock) : ILiveInteractions
{
    public async Task RecordAsync(string session, JsonElement interaction, CancellationToken cancellationToken)
    {
        var read = InteractionJson.Read(JsonFields.Root(interaction), Guid.CreateVersion7(clock.GetUtcNow()), session);
        feed.Publish(await store.AddInteractionsAsync([read], cancellationToken));
    }
}
