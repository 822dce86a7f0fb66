namespace StashAI.Queue.Model.Bulk;

/// <summary>The state of a bulk operation. The numbers are stored: never renumber.</summary>
public enum BulkState
{
    /// <summary>The maintenance works on it.</summary>
    Running = 0,

    /// <summary>Every job that matched was worked on.</summary>
    Completed = 1,

    /// <summary>A person stopped it. What it had done by then stays done.</summary>
    Stopped = 2,

    /// <summary>It could not go on; its error says why. What it had done by then stays done.</summary>
    Failed = 3,
}
