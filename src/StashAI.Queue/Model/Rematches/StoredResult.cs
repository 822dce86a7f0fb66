namespace StashAI.Queue.Model.Rematches;

/// <summary>The result of a completed task, and what its call computed.</summary>
/// <param name="TaskKey">The internal key of the task.</param>
/// <param name="Input">The task's input, UTF-8 JSON; may be empty.</param>
/// <param name="Output">The result, UTF-8 JSON.</param>
/// <param name="Derived">What the call computed; empty for nothing.</param>
public readonly record struct StoredResult(
    long TaskKey, ReadOnlyMemory<byte> Input, ReadOnlyMemory<byte> Output, ReadOnlyMemory<byte> Derived)
{
    /// <summary>The result as it was recorded; <see cref="Output"/> is another one if it was judged again since.</summary>
    public required ReadOnlyMemory<byte> Recorded { get; init; }
}
