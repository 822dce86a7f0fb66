namespace StashAI.Adapters.Http;

/// <summary>What an error status means for a task.</summary>
internal enum StatusMeaning
{
    /// <summary>The task fails: a retry cannot succeed.</summary>
    Fail,

    /// <summary>The task is retried: it may succeed later.</summary>
    Retry,

    /// <summary>The service asks for fewer calls: the task is retried later.</summary>
    Throttle,
}
