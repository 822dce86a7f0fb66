namespace StashAI.Gateway.Upstreams.Trials;

/// <summary>A request that a trial sent, and its answer; without secrets.</summary>
internal sealed record TrialExchange
{
    public required string Method { get; init; }

    public required string Url { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>The beginning of the body as text; null for none.</summary>
    public required string? Body { get; init; }

    /// <summary>The status of the answer; null while there is none.</summary>
    public int? Status { get; set; }

    /// <summary>The words beside the status.</summary>
    public string Reason { get; set; } = "";

    /// <summary>The content type of the answer; null for none.</summary>
    public string? AnswerType { get; set; }

    /// <summary>The beginning of the decoded answer as text.</summary>
    public string Answer { get; set; } = "";

    /// <summary>The length of the decoded answer in bytes.</summary>
    public long AnswerBytes { get; set; }
}
