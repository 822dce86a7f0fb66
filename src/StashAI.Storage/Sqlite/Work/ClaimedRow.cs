namespace StashAI.Storage.Sqlite.Work;

/// <summary>A task's row as it is once the task is taken.</summary>
internal readonly record struct ClaimedRow(long Key, int Fence, int Attempt, int Version, byte[] Input)
{
    /// <summary>How many tasks may share its call; 0 where nobody said, for 1.</summary>
    public int Pack { get; init; }
}
