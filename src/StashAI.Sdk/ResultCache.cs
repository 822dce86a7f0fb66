namespace StashAI.Sdk;

/// <summary>Whether the tasks of a job take results that are known already.</summary>
public enum ResultCache
{
    /// <summary>Each task calls the service.</summary>
    Off = 0,

    /// <summary>A task takes the result of an equal task that has completed, or waits for one that is being computed.</summary>
    Use = 1,

    /// <summary>
    /// A task takes only results that were computed for its own job or a later one. Other tasks then take the new result.
    /// </summary>
    Refresh = 2,
}
