namespace StashAI.Gateway.Wire.Queue;

/// <summary>What keeps tasks from running.</summary>
internal enum WaitCause
{
    /// <summary>Calls ended with an error that may pass.</summary>
    Error,

    /// <summary>The service is outside its allowed hours.</summary>
    AllowedHours,

    /// <summary>A person paused the whole queue.</summary>
    QueuePaused,

    /// <summary>A person paused the service.</summary>
    ServicePaused,

    /// <summary>A person paused the job.</summary>
    JobPaused,
}
