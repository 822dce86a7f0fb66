namespace StashAI.Client.Models;

/// <summary>What a cancel did.</summary>
public sealed record CancelAnswer
{
    /// <summary>True when there was something to cancel.</summary>
    public bool Cancelled { get; init; }

    /// <summary>One sentence for people.</summary>
    public string Message { get; init; } = "";
}

/// <summary>What a retry did.</summary>
public sealed record RetryAnswer
{
    /// <summary>How many tasks are queued again.</summary>
    public int RetriedTasks { get; init; }

    /// <summary>One sentence for people.</summary>
    public string Message { get; init; } = "";
}

/// <summary>What a pause or a resume did.</summary>
public sealed record PauseAnswer
{
    /// <summary>True when it is paused now.</summary>
    public bool Paused { get; init; }

    /// <summary>One sentence for people.</summary>
    public string Message { get; init; } = "";
}
