using System.Buffers;
using System.Text.Json;
using StashAI.Queue.Live;
using StashAI.Queue.Model;
using StashAI.Queue.Store;
using StashAI.Server.Api;
using StashAI.Server.Api.Interactions;
using StashAI.Server.Api.Wire;

namespace StashAI.Server.Live;

/// <summary>Interactions that were recorded, on their way to sockets and streams; and those of sockets, on their way to be recorded.</summary>
internal sealed class LiveInteractions(ISessions store, InteractionFeed feed, LiveHub hub, TimeProvider clock)
    : ILiveInteractions, IInteractionListener, IHostedService, IDisposable
{
    private IDisposable? listening;

    public void OnInteraction(InteractionView interaction)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options)) InteractionJson.Write(json, interaction);
        hub.Publish(interaction.Interaction.SessionId, buffer.WrittenMemory);
    }

    public async Task RecordAsync(string session, JsonElement interaction, CancellationToken cancellationToken)
    {
        var read = InteractionJson.Read(JsonFields.Root(interaction), Guid.CreateVersion7(clock.GetUtcNow()), session);
        feed.Publish(await store.AddInteractionsAsync([read], cancellationToken));
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        listening = feed.Listen(this);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => listening?.Dispose();
}
