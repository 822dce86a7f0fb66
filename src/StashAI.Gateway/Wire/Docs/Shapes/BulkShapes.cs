namespace StashAI.Gateway.Wire.Docs.Shapes;

/// <summary>What a bulk operation does with each job.</summary>
internal enum BulkActionShape
{
    Retry,
    Cancel,
    Pause,
    Resume,
    Delete,
    Priority,
    Skip,
    Rematch,
    Group,
}

/// <summary><c>state</c> of a bulk operation.</summary>
internal enum BulkStateShape
{
    Running,
    Completed,
    Stopped,
    Failed,
}

/// <summary>The filters of <c>GET /api/jobs</c>, and a list of ids.</summary>
internal sealed record BulkFilterShape
{
    public IReadOnlyList<string>? State { get; init; }
    public bool? Paused { get; init; }
    public string? Service { get; init; }
    public string? Operation { get; init; }
    public string? Name { get; init; }
    public string? UserId { get; init; }
    public string? SessionId { get; init; }
    public string? Tag { get; init; }
    public string? Owner { get; init; }
    public string? Error { get; init; }
    public DateTimeOffset? CreatedAfter { get; init; }
    public DateTimeOffset? CreatedBefore { get; init; }
    public string? Id { get; init; }
    public IReadOnlyList<Guid>? Ids { get; init; }
}

/// <summary>A bulk operation to start, or to count only.</summary>
internal sealed record BulkRequestShape(BulkActionShape Action)
{
    public BulkFilterShape? Filter { get; init; }
    public int? Priority { get; init; }
    public double? Threshold { get; init; }
    public bool? DryRun { get; init; }
    public bool? All { get; init; }
}

/// <summary>How many jobs a bulk operation would work on.</summary>
internal sealed record BulkCountShape(BulkActionShape Action, BulkFilterShape Filter, long Total, bool TotalIsExact);

/// <summary>A bulk operation.</summary>
internal sealed record BulkShape
{
    public required Guid Id { get; init; }
    public required BulkActionShape Action { get; init; }
    public required BulkFilterShape Filter { get; init; }
    public required int? Priority { get; init; }
    public required double? Threshold { get; init; }
    public required BulkStateShape State { get; init; }
    public required long Matched { get; init; }
    public required long Done { get; init; }
    public required long Failed { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset? FinishedAt { get; init; }
    public required string? AskedBy { get; init; }
    public required string? Error { get; init; }
}

/// <summary>A page of bulk operations.</summary>
internal sealed record BulkPageShape(IReadOnlyList<BulkShape> Data, string? Next, long Total, bool TotalIsExact);

/// <summary>How to judge the results of a job again.</summary>
internal sealed record RematchRequestShape
{
    public double? Threshold { get; init; }
}

/// <summary><c>state</c> of a rematch.</summary>
internal enum RematchStateShape
{
    None,
    Running,
    Completed,
    Stopped,
    Failed,
}

/// <summary>How far a rematch of a job is.</summary>
internal sealed record RematchShape
{
    public required Guid JobId { get; init; }
    public required RematchStateShape State { get; init; }
    public required double? Threshold { get; init; }
    public required int Total { get; init; }
    public required int Done { get; init; }
    public required int Judged { get; init; }
    public required int Changed { get; init; }
    public required long? GalleryVersion { get; init; }
    public required DateTimeOffset? StartedAt { get; init; }
    public required DateTimeOffset? UpdatedAt { get; init; }
    public required string? Error { get; init; }
    public required Guid? Bulk { get; init; }
}
