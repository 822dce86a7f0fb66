namespace StashAI.Sdk;

/// <summary>
/// How the results of a job fold into one small summary, kept while the job runs (`aggregate_results` on the wire). Both functions
/// must be pure; each completed task goes in exactly once, in any order and any grouping.
/// </summary>
public interface IResultFold
{
    /// <summary>The most bytes of an aggregate; a larger one is not kept.</summary>
    const int MaxBytes = 256 * 1024;

    /// <summary>What one result says, as an aggregate of its own: UTF-8 JSON.</summary>
    /// <param name="ordinal">The task's place in its job, from 0.</param>
    /// <param name="output">The result, UTF-8 JSON.</param>
    ReadOnlyMemory<byte> Map(int ordinal, ReadOnlyMemory<byte> output);

    /// <summary>Joins aggregates into one of at most <see cref="MaxBytes"/>. Runs while the database waits: keep it short.</summary>
    ReadOnlyMemory<byte> Merge(IReadOnlyList<ReadOnlyMemory<byte>> aggregates);
}
