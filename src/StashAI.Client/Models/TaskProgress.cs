namespace StashAI.Client.Models;

/// <summary>How far a task is.</summary>
public sealed record TaskProgress
{
    /// <summary>The number of the attempt, from 1.</summary>
    public int Attempt { get; init; }

    /// <summary>The most attempts that are made.</summary>
    public int MaxAttempts { get; init; }

    /// <summary><c>waiting</c>, <c>waiting_to_start</c>, <c>waiting_to_retry</c>, <c>calling_upstream</c> or <c>done</c>.</summary>
    public string Stage { get; init; } = "";
}
