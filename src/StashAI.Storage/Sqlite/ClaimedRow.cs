namespace StashAI.Storage.Sqlite;

/// <summary>A task's row as it is once the task is taken.</summary>
internal readonly record struct ClaimedRow(long Key, int Fence, int Attempt, int Version, byte[] Input);
