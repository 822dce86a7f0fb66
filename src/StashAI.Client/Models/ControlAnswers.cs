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

    /// <summary>When the pause ends by itself; null when it is not paused, until somebody resumes, and from older servers.</summary>
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>One sentence for people.</summary>
    public string Message { get; init; } = "";
}

/// <summary>The body of a pause with an end.</summary>
internal sealed record PauseEnd(DateTimeOffset Until);
