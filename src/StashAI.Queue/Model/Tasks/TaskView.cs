using StashAI.Sdk;

namespace StashAI.Queue.Model.Tasks;

/// <summary>A task as read from the store. Times are UTC.</summary>
public sealed record TaskView
{
    public required long Key { get; init; }

    /// <summary>Increases with every change.</summary>
    public required int Version { get; init; }

    public required TaskState State { get; init; }

    /// <summary>The number of counted attempts.</summary>
    public required int Attempt { get; init; }

    /// <summary>True when a cancel was requested and the running call has not ended yet.</summary>
    public required bool CancelRequested { get; init; }

    /// <summary>The task's input, UTF-8 JSON; empty when there is none, and when it is a <see cref="LargeInput"/>.</summary>
    public required ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>The input when it is too large for the task's row; read it with <c>ReadInputAsync</c>. Null for any other.</summary>
    public LargeInput? LargeInput { get; init; }

    /// <summary>What the client calls the item, besides an id that its input may have.</summary>
    public ItemName Item { get; init; }

    /// <summary>True when another task had computed its result, so that no call was made for it.</summary>
    public bool IsCached { get; init; }

    /// <summary>What its call cost; null where that is not known, and for a result that another task had computed.</summary>
    public decimal? Cost { get; init; }

    /// <summary>The kind of error of the last attempt.</summary>
    public required ErrorKind ErrorKind { get; init; }

    /// <summary>A message for people; may be null.</summary>
    public required string? ErrorMessage { get; init; }

    /// <summary>The duration of the last call, in milliseconds; null before the first call has ended.</summary>
    public required double? ProcessingMs { get; init; }

    public required DateTimeOffset? StartedAt { get; init; }

    public required DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When a scheduled task becomes available.</summary>
    public required DateTimeOffset? DueAt { get; init; }

    /// <summary>The result, UTF-8 JSON; empty when there is none, or when it was not requested.</summary>
    public ReadOnlyMemory<byte> Output { get; init; }

    /// <summary>The position in the job, from 0.</summary>
    public int Ordinal => TaskKey.OrdinalOf(Key);
}
