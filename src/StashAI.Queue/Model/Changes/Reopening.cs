namespace StashAI.Queue.Model.Changes;

/// <summary>What a resume ended besides the pause.</summary>
/// <param name="Lanes">Lanes that waited because their service asked for it or was down, and are open again.</param>
/// <param name="Tasks">Tasks that waited for their next attempt and are due now.</param>
/// <param name="Changes">Circuits that closed.</param>
public sealed record Reopening(int Lanes, int Tasks, ChangeSet Changes)
{
    /// <summary>Nothing waited.</summary>
    public static Reopening Nothing { get; } = new(0, 0, ChangeSet.Empty);
}
