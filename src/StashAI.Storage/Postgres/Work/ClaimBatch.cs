using StashAI.Queue.Policies;

namespace StashAI.Storage.Postgres.Work;

/// <summary>What the second half of a claim takes.</summary>
/// <param name="Sql">The statement that takes it.</param>
/// <param name="Keys">Jobs, or the suspect.</param>
/// <param name="Slots">How many of each.</param>
/// <param name="JobKeys">The jobs of all.</param>
/// <param name="Lanes">Their lanes.</param>
internal sealed record ClaimBatch(string Sql, long[] Keys, int[] Slots, long[] JobKeys, LaneCandidate[] Lanes)
{
    /// <summary>How many tasks of each share a call.</summary>
    public required int[] Packs { get; init; }

    /// <summary>How many tasks of each that come again are passed by, or <see cref="JobCandidate.OnlyNeverClaimed"/>; empty for none.</summary>
    public int[] Skips { get; init; } = [];

    /// <summary>The suspect that it takes.</summary>
    public long? Suspect { get; init; }

    /// <summary>True when the node no longer calls for the suspect of its row.</summary>
    public bool Forgets { get; init; }
}
