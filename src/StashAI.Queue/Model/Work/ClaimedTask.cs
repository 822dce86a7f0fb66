using StashAI.Queue.Model.Tasks;

namespace StashAI.Queue.Model.Work;

/// <summary>A task that this node holds under <paramref name="Fence"/>.</summary>
/// <param name="Key">Internal key.</param>
/// <param name="Job">Its job.</param>
/// <param name="Fence">The claim number that guards its result.</param>
/// <param name="Attempt">Which try this is, from 1.</param>
/// <param name="Version">The task's version after the claim.</param>
/// <param name="Input">The task's own input, UTF-8 JSON; may be empty.</param>
/// <param name="Payloads">Its binary parts.</param>
public sealed record ClaimedTask(
    long Key, ClaimedJob Job, int Fence, int Attempt, int Version, ReadOnlyMemory<byte> Input, IReadOnlyList<PayloadRef> Payloads)
{
    /// <summary>How many tasks of its job may share its call.</summary>
    public int PackSize { get; init; } = 1;

    /// <summary>Tasks of a batch with the same number share a call; 0 for a call of its own.</summary>
    public int CallNumber { get; init; }

    /// <summary>Public id.</summary>
    public Guid TaskId => TaskKey.TaskId(Job.JobId, TaskKey.OrdinalOf(Key));

    /// <summary>How much of what it is to be called with came with the claim, bytes.</summary>
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
