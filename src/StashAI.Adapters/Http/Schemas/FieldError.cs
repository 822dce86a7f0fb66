namespace StashAI.Adapters.Http.Schemas;

/// <summary>A value that does not fit its schema.</summary>
/// <param name="Field">Where it stands, for example `items[3].text`.</param>
/// <param name="Reason">What is wrong and what would be right, in one sentence.</param>
public sealed record FieldError(string Field, string Reason);
