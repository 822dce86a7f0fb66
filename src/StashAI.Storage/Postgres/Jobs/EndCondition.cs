namespace StashAI.Storage.Postgres.Jobs;

/// <summary>What must be true of a job, under its lock, for its waiting tasks to end. The numbers are those of the SQL.</summary>
internal enum EndCondition
{
    /// <summary>That it is there.</summary>
    None = 0,

    /// <summary>That its cancel is under way.</summary>
    Cancelling = 1,

    /// <summary>That its deadline has passed.</summary>
    DeadlinePassed = 2,
}
