namespace StashAI.Storage.Postgres.Jobs;

/// <summary>The condition on a job, under its lock, for ending its waiting tasks. The SQL uses the numbers.</summary>
internal enum EndCondition
{
    /// <summary>The job exists.</summary>
    None = 0,

    /// <summary>The job's cancel is in progress.</summary>
    Cancelling = 1,

    /// <summary>The job's deadline has passed.</summary>
    DeadlinePassed = 2,
}
