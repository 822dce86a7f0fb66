using System.Text.Json.Serialization;

namespace StashAI.Client.Models;

/// <summary>The last rematch of a job: its results are judged again against today's gallery of people.</summary>
public sealed record Rematch
{
    /// <summary>The id of the job.</summary>
    public Guid JobId { get; init; }

    /// <summary>How far it is.</summary>
    public RematchState State { get; init; }

    /// <summary>The threshold that replaces those of the job and its items, 0 to 1; null keeps them.</summary>
    public double? Threshold { get; init; }

    /// <summary>How many results the job has.</summary>
    public int Total { get; init; }

    /// <summary>How many of them were read.</summary>
    public int Done { get; init; }

    /// <summary>How many of these had stored faces, and were judged again.</summary>
    public int Judged { get; init; }

    /// <summary>How many of these name other people than before.</summary>
    public int Changed { get; init; }

    /// <summary>The version of the gallery that judged the last of them; null before the first.</summary>
    public long? GalleryVersion { get; init; }

    /// <summary>When it began.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When its progress was last stored.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Why it failed; null for no error.</summary>
    public string? Error { get; init; }

    /// <summary>The id of the bulk operation that does it; null when it is not known any more.</summary>
    public Guid? Bulk { get; init; }

    /// <summary>True when it has ended, and when there is none.</summary>
    [JsonIgnore]
    public bool IsOver => State is RematchState.None or RematchState.Completed or RematchState.Stopped or RematchState.Failed;
}

/// <summary>How far a rematch is.</summary>
public enum RematchState
{
    /// <summary>A word that this version of the client does not know.</summary>
    Unknown,

    /// <summary>The server works on it.</summary>
    Running,

    /// <summary>All results were judged.</summary>
    Completed,

    /// <summary>A person stopped it. What was judged by then stays so.</summary>
    Stopped,

    /// <summary>It could not go on; <see cref="Rematch.Error"/> says why.</summary>
    Failed,

    /// <summary>Nobody asked for it yet.</summary>
    None,
}
