using StashAI.Queue.Model.Tasks;

namespace StashAI.Storage.Sqlite.Work;

/// <summary>A task's row after the claim.</summary>
internal readonly record struct ClaimedRow(long Key, int Fence, int Attempt, int Version, byte[] Input)
{
    /// <summary>What the client calls the item.</summary>
    public ItemName Item { get; init; }

    /// <summary>How many tasks may share its call; 0 means 1.</summary>
    public int PackSize { get; init; }
}
