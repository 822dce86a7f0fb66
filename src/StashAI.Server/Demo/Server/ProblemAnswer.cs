using System.Text.Json;

namespace StashAI.Server.Demo.Server;

/// <summary>What the demo reads of problem details; the face service lists the faces to choose from.</summary>
internal sealed record ProblemAnswer(string? Title, string? Detail, IReadOnlyList<JsonElement>? Faces);
