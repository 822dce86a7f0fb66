namespace StashAI.Gateway.Wire.Docs.Shapes;

/// <summary>Why a request was refused (RFC 9457).</summary>
internal sealed record ProblemShape
{
    /// <summary>A problem as the server writes it.</summary>
    public static ProblemShape Of(Problem problem, string instance) => new()
    {
        Type = problem.Type,
        Title = problem.Title,
        Status = problem.Status,
        Detail = problem.Detail,
        Instance = instance,
        Setting = problem.Setting,
        Errors = problem.Errors is null
            ? null
            : [.. problem.Errors.Select(error => new ProblemErrorShape { Field = error.Field, Item = error.Item, Reason = error.Reason })],
        TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
    };

    public required string Type { get; init; }
    public required string Title { get; init; }
    public required int Status { get; init; }
    public required string Detail { get; init; }
    public string? Instance { get; init; }
    public string? Setting { get; init; }
    public IReadOnlyList<ProblemErrorShape>? Errors { get; init; }
    public string? TraceId { get; init; }
}

/// <summary>One fault of a request.</summary>
internal sealed record ProblemErrorShape
{
    public string? Field { get; init; }
    public int? Item { get; init; }
    public required string Reason { get; init; }
}
