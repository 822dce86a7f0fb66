namespace StashAI.Bench.Soak;

/// <summary>A time in which a process was dead or frozen, or the database away: calls of lost owners may still be open.</summary>
internal readonly record struct Disturbance(DateTimeOffset From, DateTimeOffset To);
