using System.Text.Json.Serialization;

namespace StashAI.Client.Models;

/// <summary>
/// The removal of a person from the gallery and from everything that the server stores: faces, embeddings and names in the results of all
/// jobs. It survives crashes and restarts of the server.
/// </summary>
public sealed record Erasure
{
    /// <summary>The id of the erasure.</summary>
    public Guid Id { get; init; }

    /// <summary>The id of the person; null when nothing tells any more whom it removed.</summary>
    public Guid? PersonId { get; init; }

    /// <summary>How far it is.</summary>
    public ErasureState State { get; init; }

    /// <summary>
    /// Why it waits and is tried again, for example because the face service cannot be reached; null when it does not wait.
    /// </summary>
    public string? Reason { get; init; }

    /// <summary>How many jobs name the person no longer.</summary>
    public long JobsDone { get; init; }

    /// <summary>How many jobs could name the person; 0 before the person is deleted in the gallery.</summary>
    public long JobsTotal { get; init; }

    /// <summary>How many results were changed.</summary>
    public long ResultsChanged { get; init; }

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When nothing named the person any more; null before that.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>True when it is over.</summary>
    [JsonIgnore]
    public bool IsOver => State == ErasureState.Completed;
}

/// <summary>How far an erasure is.</summary>
public enum ErasureState
{
    /// <summary>A word that this version of the client does not know.</summary>
    Unknown,

    /// <summary>The server works on it, or waits with it.</summary>
    Running,

    /// <summary>Nothing names the person any more.</summary>
    Completed,
}
