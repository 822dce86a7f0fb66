namespace StashAI.Queue.Model.Changes;

/// <summary>The pauses that ended by themselves.</summary>
/// <param name="Changes">The jobs that go on.</param>
/// <param name="Services">How many pauses of services, or of everything, ended.</param>
/// <param name="Next">The time to the next end; not positive when it has come, null when no pause has one.</param>
public sealed record EndedPauses(ChangeSet Changes, int Services, TimeSpan? Next);
