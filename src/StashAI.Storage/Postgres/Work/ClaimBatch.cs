using StashAI.Queue.Policies;

namespace StashAI.Storage.Postgres.Work;

/// <summary>The parameters of the second half of a claim.</summary>
/// <param name="Sql">The statement that claims.</param>
/// <param name="Keys">Keys of the jobs, or of the suspect.</param>
/// <param name="Slots">How many calls of each job.</param>
/// <param name="JobKeys">The keys of all jobs.</param>
/// <param name="Lanes">The lanes of the jobs.</param>
internal sealed record ClaimBatch(string Sql, long[] Keys, int[] Slots, long[] JobKeys, LaneCandidate[] Lanes)
{
    /// <summary>How many tasks of each job share a call.</summary>
    public required int[] PackSizes { get; init; }

    /// <summary>How many requeued tasks of each job to skip, or <see cref="JobCandidate.OnlyNeverClaimed"/>; empty for none.</summary>
    public int[] Skips { get; init; } = [];

    /// <summary>The suspect to claim.</summary>
    public long? Suspect { get; init; }

    /// <summary>True when the node gives up its reserved suspect.</summary>
    public bool ReleasesSuspect { get; init; }
}
