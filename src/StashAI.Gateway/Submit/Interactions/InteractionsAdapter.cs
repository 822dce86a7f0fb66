using System.Text.Json;
using StashAI.Gateway.Wire.Json;
using StashAI.Queue.Live;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Gateway.Submit.Interactions;

/// <summary>
/// Records the interactions of a batch, one per task. The task's id is the interaction's id, so retries do not store it twice.
/// </summary>
internal sealed class InteractionsAdapter(IInteractions store, InteractionFeed feed) : IServiceAdapter
{
    public const string Name = "interactions";

    public static AdapterOperation Record { get; } = new("record", "interaction_record", "interactions_batch")
    {
        CheckItem = item => ItemFaults.Of(() => InteractionJson.Read(JsonFields.Root(item), Guid.Empty, isItem: true)),
    };

    public AdapterManifest Manifest { get; } = new() { Name = Name, Operations = [Record], IsLocal = true };

    public async Task<TaskOutcome> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        using var item = JsonDocument.Parse(context.Input);
        var kept = await store.AddInteractionsAsync(
            [InteractionJson.ReadStored(JsonFields.Root(item.RootElement), context.TaskId)], cancellationToken);
        feed.Publish(kept);
        return new TaskOutcome.Completed(JsonBytes.Of(json => InteractionJson.Write(json, kept[0])), CallReport.None);
    }
}
