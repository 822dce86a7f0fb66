namespace StashAI.Queue.Model.Files;

/// <summary>How far a batch of a file is. The numbers are stored: never renumber.</summary>
public enum FileBatchState
{
    /// <summary>Its lines are to be checked.</summary>
    Checking = 0,

    /// <summary>A client has cancelled it while its lines were checked; a job that was made meanwhile is to be cancelled.</summary>
    Cancelling = 1,

    /// <summary>It is a job.</summary>
    Submitted = 2,

    /// <summary>Its file is not valid; there is no job.</summary>
    Refused = 3,

    /// <summary>It was cancelled before there was a job.</summary>
    Cancelled = 4,
}
