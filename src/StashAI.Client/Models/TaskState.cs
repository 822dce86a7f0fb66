namespace StashAI.Client.Models;

/// <summary>The state of a task.</summary>
public enum TaskState
{
    /// <summary>A word that this version of the client does not know.</summary>
    Unknown,

    /// <summary>The task waits for a free slot.</summary>
    Available,

    /// <summary>The task waits for a time: its start, or its next attempt.</summary>
    Scheduled,

    /// <summary>The service is being called.</summary>
    Running,

    /// <summary>The task has a result.</summary>
    Completed,

    /// <summary>The task failed and will not be tried again by itself.</summary>
    Failed,

    /// <summary>The task was cancelled.</summary>
    Cancelled,
}
