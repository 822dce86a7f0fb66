namespace StashAI.Queue.Model.Changes;

/// <summary>What a resume has ended besides the pause.</summary>
/// <param name="Lanes">How many lanes are open again that waited because their service asked for it or was down.</param>
/// <param name="Tasks">How many tasks are due now that waited for their next attempt.</param>
/// <param name="Changes">The circuits that closed.</param>
public sealed record Reopening(int Lanes, int Tasks, ChangeSet Changes)
{
    public static Reopening Nothing { get; } = new(0, 0, ChangeSet.Empty);
}
