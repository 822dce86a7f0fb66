namespace StashAI.Sdk;

/// <summary>Why an item cannot be used; the request that brought it is refused.</summary>
/// <param name="Field">The item's property at fault, for example `session_id`; empty for the item itself.</param>
/// <param name="Reason">
/// What is wrong and how to fix it, as the end of a sentence that begins with the field: `is missing; it must be a text.`
/// </param>
public sealed record ItemFault(string Field, string Reason);
