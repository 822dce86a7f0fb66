namespace StashAI.Queue.Model.Nodes;

/// <summary>A process that takes part in the work of the queue.</summary>
/// <param name="Key">The internal key.</param>
/// <param name="Name">A name for people.</param>
/// <param name="Host">The name of its machine.</param>
/// <param name="ProcessId">The process's number on its machine.</param>
/// <param name="Program">What it runs.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Running">How many calls it ran at its last sign of life.</param>
/// <param name="StartedAt">When it registered, UTC.</param>
/// <param name="LeaseUntil">Until when it counts as alive without another sign of life, UTC.</param>
public sealed record NodeView(
    long Key, string Name, string Host, int ProcessId, NodeProgram Program, IReadOnlyList<string> Labels, int Running,
    DateTimeOffset StartedAt, DateTimeOffset LeaseUntil);

/// <summary>What a process runs.</summary>
/// <param name="Role"><c>serve</c> or <c>worker</c>; null when it did not tell.</param>
/// <param name="Version">The version of the program; null when it did not tell.</param>
public sealed record NodeProgram(string? Role, string? Version);
