namespace StashAI.Client.Models;

/// <summary>The server's answer to a submit: the job is stored and survives a power cut.</summary>
public sealed record Submission
{
    /// <summary>The id of the new job.</summary>
    public Guid JobId { get; init; }

    /// <summary>The tasks of the job.</summary>
    public int TotalTasks { get; init; }

    /// <summary>Seconds until the job will probably have ended; null where nothing was measured yet.</summary>
    public double? EtaSeconds { get; init; }

    /// <summary>What the job costs, in the currency that the service's declaration uses; null where it names no cost.</summary>
    public double? EstimatedCost { get; init; }

    /// <summary>
    /// False when the server worked without its database: the results were part of the answer, and the job cannot be found again. True
    /// otherwise.
    /// </summary>
    public bool Durable { get; init; } = true;

    /// <summary>One sentence for people; null where the server sent none.</summary>
    public string? Message { get; init; }
}
