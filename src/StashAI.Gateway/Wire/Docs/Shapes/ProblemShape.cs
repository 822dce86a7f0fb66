namespace StashAI.Gateway.Wire.Docs.Shapes;

/// <summary>Why a request was refused (RFC 9457).</summary>
internal sealed record ProblemShape
{
    public static ProblemShape Example { get; } = new()
    {
        Type = "urn:stashai:problem:invalid",
        Title = "The request cannot be used",
        Status = 422,
        Detail = "images[0] is not base64 ('?' at character 1); send standard base64 (RFC 4648, A-Z a-z 0-9 + /), or a data URL that ends in ;base64, before it",
        Instance = "/api/visage/job",
        Errors = [new() { Field = "images[0]", Item = 0, Reason = "images[0] is not base64 ('?' at character 1)" }],
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
