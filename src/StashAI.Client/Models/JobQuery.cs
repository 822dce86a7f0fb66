namespace StashAI.Client.Models;

/// <summary>Which jobs to list, and in which order.</summary>
public sealed record JobQuery : JobFilter
{
    /// <summary>Makes a query of all jobs.</summary>
    public JobQuery()
    {
    }

    private JobQuery(JobFilter filter)
        : base(filter)
    {
    }

    /// <summary>The order. The default is <see cref="JobOrder.Newest"/>.</summary>
    public JobOrder Order { get; init; }

    /// <summary>How many jobs one request reads, 1 to 1,000. The default is 100.</summary>
    public int PageSize { get; init; } = 100;

    /// <summary>A query of the jobs of a filter.</summary>
    /// <param name="filter">Which jobs.</param>
    public static JobQuery Of(JobFilter filter) => new(filter);
}

/// <summary>The order of a list of jobs.</summary>
public enum JobOrder
{
    /// <summary>The newest first.</summary>
    Newest,

    /// <summary>Only jobs with failed tasks, those with the most first.</summary>
    MostFailed,

    /// <summary>Only jobs that have not ended, those with the highest priority first.</summary>
    MostUrgent,

    /// <summary>The oldest first.</summary>
    Oldest,

    /// <summary>Only running jobs, those that are furthest first.</summary>
    Furthest,

    /// <summary>Only jobs with a name, in the order of its characters in lower case.</summary>
    ByName,
}
