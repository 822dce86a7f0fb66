namespace StashAI.Queue.Model.Access;

/// <summary>What an API key allows. Each scope includes those before it; the numbers are in the database.</summary>
public enum ApiScope
{
    /// <summary>To look: lists, results, live progress.</summary>
    Read = 1,

    /// <summary>To submit work, to cancel and to retry it, and to pause a job.</summary>
    Submit = 2,

    /// <summary>To pause services and the queue, and whatever else is for operators.</summary>
    Admin = 3,
}
