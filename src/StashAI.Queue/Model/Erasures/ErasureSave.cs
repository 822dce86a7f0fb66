namespace StashAI.Queue.Model.Erasures;

/// <summary>One step of an erasure.</summary>
/// <param name="Worker">The process that works on it.</param>
/// <param name="Lease">For how long no other process takes it.</param>
/// <param name="Before">How far it was.</param>
/// <param name="After">How far it is with this step.</param>
/// <param name="Parts">The values that change.</param>
public sealed record ErasureSave(Guid Worker, TimeSpan Lease, Erasure Before, Erasure After, IReadOnlyList<ErasedPart> Parts)
{
    /// <summary>A job to go through again; null for none.</summary>
    public long? OpenJob { get; init; }

    /// <summary>A job that needs no more of it; null for none.</summary>
    public long? DoneJob { get; init; }
}
