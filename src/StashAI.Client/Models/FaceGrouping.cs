using System.Text.Json.Serialization;

namespace StashAI.Client.Models;

/// <summary>The last grouping of the unknown faces of a job, alone or with other jobs, by person.</summary>
public sealed record FaceGrouping
{
    /// <summary>The id of the job that the groups belong to.</summary>
    public Guid JobId { get; init; }

    /// <summary>The ids of all jobs whose faces were grouped together, this one first.</summary>
    public IReadOnlyList<Guid> Jobs { get; init; } = [];

    /// <summary>How far it is.</summary>
    public RematchState State { get; init; }

    /// <summary>The least mean confidence between the faces of a group, 0 to 1; null for the service's default.</summary>
    public double? Threshold { get; init; }

    /// <summary>The smallest group that is kept.</summary>
    public int MinFaces { get; init; }

    /// <summary>How many photos the jobs have.</summary>
    public int Total { get; init; }

    /// <summary>How many of them were read.</summary>
    public int Done { get; init; }

    /// <summary>How many faces they show; 0 until the end, as all that follows.</summary>
    public int Faces { get; init; }

    /// <summary>How many of the faces are of nobody in the gallery.</summary>
    public int Unknown { get; init; }

    /// <summary>How many groups there are.</summary>
    public int Groups { get; init; }

    /// <summary>The version of the gallery that says which faces are unknown; null until the end.</summary>
    public long? GalleryVersion { get; init; }

    /// <summary>When it was asked for.</summary>
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

/// <summary>Unknown faces of one person.</summary>
public sealed record FaceGroup
{
    /// <summary>The id, within the job.</summary>
    public string Group { get; init; } = "";

    /// <summary>How many faces it has.</summary>
    public int Faces { get; init; }

    /// <summary>On how many photos they are.</summary>
    public int Photos { get; init; }

    /// <summary>How many of the faces are not of the person, as somebody said; 0 for a group that is not named.</summary>
    public int Rejected { get; init; }

    /// <summary>Whom the group was named after; null for nobody.</summary>
    public GroupPerson? Person { get; init; }

    /// <summary>The faces that show the person best.</summary>
    public IReadOnlyList<GroupFace> Examples { get; init; } = [];
}

/// <summary>Whom a group was named after.</summary>
public sealed record GroupPerson
{
    /// <summary>The id of the person.</summary>
    public Guid Id { get; init; }

    /// <summary>The name; null when the face service did not answer.</summary>
    public string? Name { get; init; }
}

/// <summary>A face of a group.</summary>
public sealed record GroupFace
{
    /// <summary>The id of the task whose photo shows it.</summary>
    public Guid Task { get; init; }

    /// <summary>The position of the face in the result, from 0.</summary>
    public int Face { get; init; }

    /// <summary>The id of the task's job.</summary>
    public Guid JobId { get; init; }

    /// <summary>What you call the photo; null for no name.</summary>
    public string? ItemName { get; init; }

    /// <summary>The address of the face's picture on the server, which needs the same key as other calls.</summary>
    public string PictureUrl { get; init; } = "";

    /// <summary>True for a face of a named group that is not of the group's person, as somebody said.</summary>
    public bool Rejected { get; init; }
}

/// <summary>A group that was named.</summary>
public sealed record NamedGroup
{
    /// <summary>How many faces were sent to the gallery; 0 when the group had this person already.</summary>
    public int Enrolled { get; init; }

    /// <summary>How many of the faces that were left out are kept as not being of the person.</summary>
    public int Rejected { get; init; }

    /// <summary>The person.</summary>
    public Person Person { get; init; } = new();

    /// <summary>The rematch of the job, which was started.</summary>
    public Rematch Rematch { get; init; } = new();
}
