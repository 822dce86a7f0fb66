namespace StashAI.Sdk;

/// <summary>
/// Combines the results of a job into one small summary, which is updated while the job runs (<c>aggregate_results</c> in the API). Both
/// functions must be pure. Each completed task is counted exactly once, in any order and any grouping.
/// </summary>
public interface IResultFold
{
    /// <summary>
    /// True when it sums what calls cost, such as tokens: results that were reused, without a call, are left out. False by default.
    /// </summary>
    bool CountsCalls => false;

    /// <summary>The largest size of an aggregate in bytes; a larger one is not stored.</summary>
    const int MaxBytes = 256 * 1024;

    /// <summary>Turns one result into an aggregate, as UTF-8 JSON.</summary>
    /// <param name="ordinal">The task's position in its job, from 0.</param>
    /// <param name="output">The result, UTF-8 JSON.</param>
    ReadOnlyMemory<byte> Map(int ordinal, ReadOnlyMemory<byte> output);

    /// <summary>
    /// Combines aggregates into one of at most <see cref="MaxBytes"/>. It runs inside a database transaction, so it must be fast.
    /// </summary>
    ReadOnlyMemory<byte> Merge(IReadOnlyList<ReadOnlyMemory<byte>> aggregates);
}
