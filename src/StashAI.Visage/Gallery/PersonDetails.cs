namespace StashAI.Visage.Gallery;

/// <summary>What a client sends about a person; null leaves a value unchanged.</summary>
internal sealed record PersonDetails(string? Name, string? Country, string? Image, string? PerformerUrl);
