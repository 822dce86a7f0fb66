namespace StashAI.Queue.Model.Bulk;

/// <summary>What is done with every job that a bulk operation's filter matches. The numbers are stored: never renumber.</summary>
public enum BulkAction
{
    /// <summary>Run the failed tasks again.</summary>
    Retry = 1,

    /// <summary>Cancel the open tasks.</summary>
    Cancel = 2,

    /// <summary>Claim no more tasks.</summary>
    Pause = 3,

    /// <summary>Claim tasks again.</summary>
    Resume = 4,

    /// <summary>Cancel what is open, and remove the job.</summary>
    Delete = 5,

    /// <summary>Set the priority.</summary>
    Priority = 6,

    /// <summary>Cancel the failed tasks, so that nobody waits for them.</summary>
    Skip = 7,

    /// <summary>Judge the results again without calling the service's models.</summary>
    Rematch = 8,

    /// <summary>Group what the results show of unknown subjects. It is asked for one job, never by a filter.</summary>
    Group = 10,
}
