using StashAI.Queue.Policies.Failures;

namespace StashAI.Storage.Sqlite.Units;

/// <summary>How one group of a job's failures changes in a transaction: tasks fail, or failed ones are taken back.</summary>
internal sealed class FailureDelta
{
    public const int MaxExamples = 3;

    private readonly List<long> examples = [];

    /// <summary>What they have in common; null while only tasks were taken back.</summary>
    public Failure? Failure { get; private set; }

    public int Added { get; private set; }

    public int TakenBack { get; private set; }

    /// <summary>The first and the last task that was taken back: all of the group in between were.</summary>
    public (long First, long Last) Range { get; private set; } = (long.MaxValue, long.MinValue);

    public long? Example(int index) => index < examples.Count ? examples[index] : null;

    public void Add(Failure failure, long taskKey)
    {
        Failure = failure;
        Added++;
        if (examples.Count < MaxExamples) examples.Add(taskKey);
    }

    public void TakeBack(long taskKey)
    {
        TakenBack++;
        Range = (Math.Min(Range.First, taskKey), Math.Max(Range.Last, taskKey));
    }
}
