namespace StashAI.Hosting.Problems;

/// <summary>One fault of a request.</summary>
/// <param name="Field">The field at fault: <c>images[3]</c>, <c>config.threshold</c>.</param>
/// <param name="Item">The zero-based index of the item at fault.</param>
/// <param name="Reason">What is wrong with it. An answer leaves the name of the field at its beginning out.</param>
public sealed record ProblemError(string? Field, int? Item, string Reason)
{
    /// <summary>The reason without the name of the field, which stands beside it; sentences for people begin with it.</summary>
    internal string OwnReason => Field is { Length: > 0 } at && Reason.StartsWith(at, StringComparison.Ordinal)
        && Reason.Length > at.Length + 1 && Reason[at.Length] is ':' or ' '
            ? Reason[(at.Length + 1)..].TrimStart()
            : Reason;

    /// <summary>The one fault of a field; null when no field is at fault.</summary>
    public static ProblemError[]? At(string? field, string reason, int? item = null) =>
        field is null ? null : [new ProblemError(field, item, reason)];
}
