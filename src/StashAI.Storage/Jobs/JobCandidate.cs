using StashAI.Queue.Model.Jobs;

namespace StashAI.Storage.Jobs;

/// <summary>What a query looks at of a job.</summary>
/// <param name="Text">What an order by text compares first.</param>
/// <param name="Errors">The messages of its failures, where the query asks for them.</param>
/// <param name="Failed">How many tasks failed and may run again: none of a batch of another API that has ended.</param>
/// <param name="IsLabelled">It has the tag, the fingerprint and the kind of error that the query asks for.</param>
internal readonly record struct JobCandidate(
    long Rank, long Key, Guid JobId, string Service, bool IsSingleTask, JobState State, string Name, string TaskType, string? Owner,
    bool IsPaused, long CreatedAt, string? UserId, string? SessionId, bool IsLabelled, string? Errors, int Failed, string? Text = null);
