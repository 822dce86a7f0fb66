using StashAI.Queue.Model.Tasks;
using StashAI.Sdk;

namespace StashAI.Queue.Direct;

/// <summary>A task in memory, for a run without the store.</summary>
/// <param name="Input">The task's input, UTF-8 JSON; may be empty.</param>
/// <param name="Payloads">The task's binary parts in upload order. They can be read more than once.</param>
public sealed record DirectTask(ReadOnlyMemory<byte> Input, IReadOnlyList<TaskPayload> Payloads)
{
    /// <summary>What the client calls the item.</summary>
    public ItemName Item { get; init; }
}
