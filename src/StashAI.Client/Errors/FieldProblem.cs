namespace StashAI.Client.Errors;

/// <summary>One fault of a request.</summary>
/// <param name="Field">The field at fault, such as <c>items[3].text</c> or <c>config.threshold</c>; null where no field is.</param>
/// <param name="Item">The index of the item at fault, from 0; null where no item is.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record FieldProblem(string? Field, int? Item, string Reason);
