using StashAI.Sdk;

namespace StashAI.Queue.Model.Rematches;

/// <summary>A result that was judged again.</summary>
/// <param name="TaskKey">The internal key of its task.</param>
/// <param name="Recorded">The result as it was recorded (<see cref="StoredResult.Recorded"/>).</param>
/// <param name="Output">The new result, UTF-8 JSON.</param>
/// <param name="Subjects">Who or what it shows; they replace those of the result before.</param>
public readonly record struct JudgedResult(
    long TaskKey, ReadOnlyMemory<byte> Recorded, ReadOnlyMemory<byte> Output, IReadOnlyList<ResultSubject> Subjects);
