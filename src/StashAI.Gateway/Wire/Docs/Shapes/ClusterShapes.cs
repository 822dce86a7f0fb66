namespace StashAI.Gateway.Wire.Docs.Shapes;

/// <summary>Which faces to group, and how.</summary>
internal sealed record ClustersRequestShape
{
    public IReadOnlyList<Guid>? Jobs { get; init; }
    public double? Threshold { get; init; }
    public int? MinFaces { get; init; }
}

/// <summary>A face of a group.</summary>
/// <param name="Task">The task whose photo shows it.</param>
/// <param name="Face">Its position in the result, from 0.</param>
/// <param name="JobId">The job of the task.</param>
/// <param name="PictureUrl">The address of its picture.</param>
/// <param name="Rejected">True for a face of a named group that is not of the person, as somebody said.</param>
internal sealed record GroupFaceShape(Guid Task, int Face, Guid JobId, string PictureUrl, bool Rejected)
{
    /// <summary>What the client calls the item; missing for an item that has none.</summary>
    public string? ItemId { get; init; }

    /// <inheritdoc cref="ItemId"/>
    public string? ItemName { get; init; }
}

/// <summary>The person after whom a group was named.</summary>
internal sealed record GroupPersonShape(Guid Id, string? Name);

/// <summary>A group of unknown faces.</summary>
/// <param name="Group">The id.</param>
/// <param name="Faces">How many faces it has.</param>
/// <param name="Photos">On how many photos they are.</param>
/// <param name="Rejected">How many of the faces are not of the person, as somebody said; 0 for a group that is not named.</param>
/// <param name="Person">Whom it was named after.</param>
internal sealed record FaceGroupShape(string Group, int Faces, int Photos, int Rejected, GroupPersonShape? Person)
{
    public required IReadOnlyList<GroupFaceShape> Examples { get; init; }
}

/// <summary>The faces of a group.</summary>
internal sealed record FaceGroupPageShape(
    string Group, int Faces, int Photos, int Rejected, GroupPersonShape? Person, IReadOnlyList<GroupFaceShape> Data, string? Next,
    long Total, bool TotalIsExact);

/// <summary>The groups of unknown faces of jobs, and how far the grouping is.</summary>
internal sealed record ClustersShape
{
    public required Guid JobId { get; init; }
    public required IReadOnlyList<Guid> Jobs { get; init; }
    public required RematchStateShape State { get; init; }
    public required double? Threshold { get; init; }
    public required int MinFaces { get; init; }
    public required int Done { get; init; }
    public required int Total { get; init; }
    public required int Faces { get; init; }
    public required int Unknown { get; init; }
    public required int Groups { get; init; }
    public required long? GalleryVersion { get; init; }
    public required DateTimeOffset? StartedAt { get; init; }
    public required DateTimeOffset? UpdatedAt { get; init; }
    public required string? Error { get; init; }
    public required Guid? Bulk { get; init; }
    public required IReadOnlyList<FaceGroupShape> Data { get; init; }
    public required string? Next { get; init; }
}

/// <summary>Who a group is: either a new person or a known one.</summary>
internal sealed record GroupNameShape
{
    public string? Name { get; init; }
    public Guid? PersonId { get; init; }

    /// <summary>Faces of the group that are of somebody else.</summary>
    public IReadOnlyList<GroupFaceNameShape>? Without { get; init; }
}

/// <summary>A face of a group, by its task and its position in the result, from 0.</summary>
internal sealed record GroupFaceNameShape(Guid Task, int Face);

/// <summary>A group that was named.</summary>
/// <param name="Enrolled">How many faces were sent to the gallery; 0 for a request that is repeated.</param>
/// <param name="Rejected">How many faces that were left out are kept as not being of the person.</param>
/// <param name="Person">The person.</param>
/// <param name="Rematch">The rematch of the job.</param>
internal sealed record NamedGroupShape(int Enrolled, int Rejected, GalleryPersonShape Person, RematchShape Rematch);
