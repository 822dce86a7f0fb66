namespace StashAI.Queue.Model.Audit;

/// <summary>One change by a person.</summary>
/// <param name="Who">
/// The name of the API key, <c>anonymous</c>, or <c>local</c> for this machine while there are no keys, and for the command line.
/// </param>
/// <param name="Action">What was done, as a word: <c>cancel</c>.</param>
/// <param name="TargetKind">What it was done to, as a word: <c>job</c>.</param>
/// <param name="TargetId">The id or name of it; null for all of them.</param>
/// <param name="Address">The address that the request came from; null for the command line.</param>
/// <param name="Details">More about it, as a JSON object; null for nothing.</param>
public sealed record AuditEntry(string Who, string Action, string TargetKind, string? TargetId, string? Address, string? Details)
{
    public const string Anonymous = "anonymous";

    public const string Local = "local";

    /// <summary>The kind of target whose entries name people, who may be erased.</summary>
    public const string Person = "person";

    /// <summary>The internal key; later entries have higher ones.</summary>
    public long Key { get; init; }

    /// <summary>When, by the database's clock.</summary>
    public DateTimeOffset At { get; init; }
}
