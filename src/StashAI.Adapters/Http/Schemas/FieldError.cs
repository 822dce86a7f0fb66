namespace StashAI.Adapters.Http.Schemas;

/// <summary>An error in a value that does not fit its schema.</summary>
/// <param name="Field">The path of the value, for example <c>items[3].text</c>.</param>
/// <param name="Reason">What is wrong and how to fix it; continues a sentence that starts with the path.</param>
public sealed record FieldError(string Field, string Reason);
