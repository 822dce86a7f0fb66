namespace StashAI.Visage.Gallery;

/// <summary>What a caller says about a person; null leaves a value as it is.</summary>
internal sealed record PersonDetails(string? Name, string? Country, string? Image, string? PerformerUrl);
