using System.Text.Json;
using System.Text.Json.Serialization;

namespace StashAI.Client.Models;

/// <summary>An operation on many jobs that the server works through. It survives restarts of the server.</summary>
public sealed record BulkOperation
{
    /// <summary>The id of the operation.</summary>
    public Guid Id { get; init; }

    /// <summary>What is done with each job.</summary>
    public BulkAction Action { get; init; }

    /// <summary>Which jobs, in the names of <c>GET /api/jobs</c>.</summary>
    public JsonElement? Filter { get; init; }

    /// <summary>For <see cref="BulkAction.Rematch"/>: the threshold that replaces those of the jobs, 0 to 1; null keeps them.</summary>
    public double? Threshold { get; init; }

    /// <summary>How far the operation is.</summary>
    public BulkState State { get; init; }

    /// <summary>How many jobs match, as far as they are counted.</summary>
    public long Matched { get; init; }

    /// <summary>How many jobs were worked on.</summary>
    public long Done { get; init; }

    /// <summary>How many jobs could not be worked on.</summary>
    public long Failed { get; init; }

    /// <summary>Why a job could not be worked on, the first reason, or why the operation failed; null for no error.</summary>
    public string? Error { get; init; }

    /// <summary>The name of the API key of the person who asked; null without one.</summary>
    public string? AskedBy { get; init; }

    /// <summary>When it was asked for. Jobs that were submitted later are not touched.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it ended; null until then.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>True when it has ended.</summary>
    [JsonIgnore]
    public bool IsOver => State is BulkState.Completed or BulkState.Stopped or BulkState.Failed;
}

/// <summary>What a bulk operation does with each job.</summary>
public enum BulkAction
{
    /// <summary>A word that this version of the client does not know.</summary>
    Unknown,

    /// <summary>Run the failed and cancelled tasks again.</summary>
    Retry,

    /// <summary>Cancel what has not ended.</summary>
    Cancel,

    /// <summary>Start no further tasks.</summary>
    Pause,

    /// <summary>Let a paused job go on.</summary>
    Resume,

    /// <summary>Cancel what has not ended, and remove the job with its items and results.</summary>
    Delete,

    /// <summary>Set the priority.</summary>
    Priority,

    /// <summary>Cancel the failed tasks.</summary>
    Skip,

    /// <summary>Judge the results of ended jobs of photos again, against today's gallery of people.</summary>
    Rematch,

    /// <summary>Group the unknown faces of jobs; <see cref="StashClient.GroupFacesAsync"/> starts it.</summary>
    Group,
}

/// <summary>How far a bulk operation is.</summary>
public enum BulkState
{
    /// <summary>A word that this version of the client does not know.</summary>
    Unknown,

    /// <summary>The server works on it.</summary>
    Running,

    /// <summary>Every job that matched was worked on.</summary>
    Completed,

    /// <summary>A person stopped it. What was done by then stays done.</summary>
    Stopped,

    /// <summary>It could not go on; <see cref="BulkOperation.Error"/> says why. What was done by then stays done.</summary>
    Failed,
}

/// <summary>How many jobs a bulk operation would act on.</summary>
public sealed record BulkCount
{
    /// <summary>How many jobs match, as far as they were counted.</summary>
    public long Matched { get; init; }

    /// <summary>False when there may be more.</summary>
    public bool TotalIsExact { get; init; } = true;
}
