namespace StashAI.Queue.Model.Jobs;

/// <summary>What of a job is to change while it runs; null leaves it as it is.</summary>
public sealed record JobPatch
{
    public string? Name { get; init; }

    /// <summary>Its tags instead of those that it has.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>0 to 9, higher first.</summary>
    public int? Priority { get; init; }

    /// <summary>The most of its tasks that run at once; <see cref="int.MaxValue"/> for no limit. Calls that run go on.</summary>
    public int? MaxParallel { get; init; }

    /// <summary>True to set <see cref="Deadline"/>.</summary>
    public bool SetsDeadline { get; init; }

    /// <summary>When what is not over fails; null for never.</summary>
    public DateTimeOffset? Deadline { get; init; }
}
