using System.Text.Json;
using StashAI.Gateway.Wire.Json;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Gateway.Submit.Interactions;

/// <summary>Saves the sessions of a batch, one per task.</summary>
internal sealed class SessionsAdapter(ISessions store) : IServiceAdapter
{
    public const string Name = "sessions";

    public static AdapterOperation Save { get; } = new("save", "session_save", "sessions_batch")
    {
        CheckItem = item => ItemFaults.Of(() => InteractionJson.ReadSession(JsonFields.Root(item), isItem: true)),
    };

    public AdapterManifest Manifest { get; } = new() { Name = Name, Operations = [Save], IsLocal = true };

    public async Task<TaskOutcome> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        using var item = JsonDocument.Parse(context.Input);
        var saved = await store.SaveSessionsAsync(
            [InteractionJson.ReadStoredSession(JsonFields.Root(item.RootElement))], cancellationToken);
        return new TaskOutcome.Completed(JsonBytes.Of(json => InteractionJson.Write(json, saved[0])), CallReport.None);
    }
}
