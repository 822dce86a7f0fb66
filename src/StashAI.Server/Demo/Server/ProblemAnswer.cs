namespace StashAI.Server.Demo.Server;

/// <summary>What the demo reads of problem details.</summary>
internal sealed record ProblemAnswer(string? Title, string? Detail);
