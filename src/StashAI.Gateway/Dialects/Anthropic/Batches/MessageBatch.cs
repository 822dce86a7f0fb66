using StashAI.Queue.Model.Files;
using StashAI.Queue.Model.Jobs;
using StashAI.Sdk;

namespace StashAI.Gateway.Dialects.Anthropic.Batches;

/// <summary>A batch in Anthropic's words.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Job">Its job. Of one that ended behind its deadline, the kinds of errors must have been read.</param>
internal sealed record MessageBatch(FileBatch Batch, JobView Job)
{
    private readonly MessageBatchRequest request = MessageBatchRequest.Parse(Batch.Request);

    /// <summary>When requests that are open expire.</summary>
    public DateTimeOffset ExpiresAt => Job.Deadline ?? Batch.CreatedAt + request.Time;

    /// <summary>True when no request is open any more.</summary>
    public bool IsEnded => Job.IsOver;

    /// <summary>When the last request ended; null before.</summary>
    public DateTimeOffset? EndedAt => IsEnded ? Job.FinishedAt ?? Job.UpdatedAt : null;

    public string Status => IsEnded ? "ended" : Batch.CancelledAt is null ? "in_progress" : "canceling";

    /// <summary>True if its results can be read.</summary>
    public bool HasResults => IsEnded || request.IsPartial;

    /// <summary>The requests that failed because the deadline passed. 0 while the batch runs.</summary>
    public int Expired => IsEnded ? Job.Errors.Where(one => one.Kind == ErrorKind.DeadlineExceeded).Sum(one => one.Count) : 0;

    /// <summary>True if a list's job, which lacks the kinds of errors, does not say how many requests expired.</summary>
    public static bool NeedsErrors(JobView job) =>
        job.Counters.Failed > 0 && job.IsOver && job.Errors.Count == 0;
}
