namespace StashAI.Adapters.Http;

/// <summary>What an error status means for a task.</summary>
internal enum StatusMeaning
{
    /// <summary>Trying again cannot help.</summary>
    Fail,

    /// <summary>It may succeed later.</summary>
    Retry,

    /// <summary>The service asks for fewer calls.</summary>
    Throttle,
}
