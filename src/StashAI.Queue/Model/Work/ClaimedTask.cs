using StashAI.Queue.Model.Tasks;

namespace StashAI.Queue.Model.Work;

/// <summary>A task that this node has claimed.</summary>
/// <param name="Fence">The claim number; a result is recorded only if it still matches.</param>
/// <param name="Attempt">The number of this attempt, from 1.</param>
/// <param name="Version">The task's version after the claim.</param>
/// <param name="Input">The task's input, UTF-8 JSON; empty when there is none, and when it must be read for the call.</param>
/// <param name="Payloads">The binary parts of the input.</param>
public sealed record ClaimedTask(
    long Key, ClaimedJob Job, int Fence, int Attempt, int Version, ReadOnlyMemory<byte> Input, IReadOnlyList<PayloadRef> Payloads)
{
    /// <summary>What the client calls the item, for the log.</summary>
    public ItemName Item { get; init; }

    /// <summary>
    /// The size of an input that the claim left in the store, because it has more than <see cref="LargeInput.MaxRowBytes"/>; 0 for others.
    /// </summary>
    public long LargeInputBytes { get; init; }

    /// <summary>How many tasks of its job may share its call.</summary>
    public int PackSize { get; init; } = 1;

    /// <summary>Tasks of a claim with the same number share a call; 0 for a call of its own.</summary>
    public int CallNumber { get; init; }

    public Guid TaskId => TaskKey.TaskId(Job.JobId, TaskKey.OrdinalOf(Key));

    /// <summary>How many bytes of the input are already in memory.</summary>
    public long BytesInMemory
    {
        get
        {
            long bytes = Input.Length;
            foreach (var payload in Payloads) bytes += payload.Bytes.Length;
            return bytes;
        }
    }
}
