using StashAI.Sdk;

namespace StashAI.Queue.Model.Erasures;

/// <summary>A stored value that may name a subject.</summary>
/// <param name="Place">Where it is.</param>
/// <param name="Key">The key of its row.</param>
/// <param name="Second">The second part of that key; 0 if it has only one.</param>
/// <param name="Data">The value; texts as UTF-8.</param>
public readonly record struct ErasablePart(ErasablePlace Place, long Key, long Second, ReadOnlyMemory<byte> Data)
{
    /// <summary>
    /// A result as it was recorded, if it was judged again since: it is still stored, and may name subjects that <see cref="Data"/> does
    /// not. The new result takes the place of both. Null for all others.
    /// </summary>
    public ReadOnlyMemory<byte>? Recorded { get; init; }
}

/// <summary>A value that is to replace another, if that is still stored.</summary>
/// <param name="Before">The stored value.</param>
/// <param name="After">The new one; empty removes what a call computed.</param>
public sealed record ErasedPart(ErasablePart Before, ReadOnlyMemory<byte> After)
{
    /// <summary>Who or what a new result shows; they replace those of the result before.</summary>
    public IReadOnlyList<ResultSubject> Subjects { get; init; } = [];
}

/// <summary>Some tasks of a job.</summary>
/// <param name="Parts">Their values.</param>
/// <param name="Next">The ordinal where the next ones begin; null after the last.</param>
public sealed record ErasableTasks(IReadOnlyList<ErasablePart> Parts, int? Next);

/// <summary>Some records of a table.</summary>
/// <param name="Parts">Their values.</param>
/// <param name="Next">The key where the next ones begin; null after the last.</param>
public sealed record ErasableRecords(IReadOnlyList<ErasablePart> Parts, long? Next);
