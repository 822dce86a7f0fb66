using StashAI.Queue.Model.Files;
using StashAI.Queue.Model.Jobs;
using StashAI.Sdk;

namespace StashAI.Gateway.Dialects.OpenAi.Batches;

/// <summary>The state of a batch in OpenAI's words, from its row and its job.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Job">Its job; null before there is one. Of one that ended with failures, the kinds of errors must have been read.</param>
internal sealed record BatchState(FileBatch Batch, JobView? Job)
{
    public BatchRequest Request { get; } = BatchRequest.Parse(Batch.Request);

    /// <summary>When its window is over, which somebody may have changed with the deadline of its job.</summary>
    public DateTimeOffset ExpiresAt => Job?.Deadline ?? Batch.CreatedAt + Request.Time;

    /// <summary>True when no line of its job is open any more.</summary>
    public bool IsOver => Job is { IsOver: true };

    /// <summary>When the last line ended; null before.</summary>
    public DateTimeOffset? EndedAt => IsOver ? Job!.FinishedAt ?? Job.UpdatedAt : null;

    public string Status => Batch.State switch
    {
        FileBatchState.Checking => "validating",
        FileBatchState.Cancelling => "cancelling",
        FileBatchState.Refused => "failed",
        FileBatchState.Cancelled => "cancelled",
        _ when !IsOver => Batch.CancelledAt is null ? "in_progress" : "cancelling",
        _ when Job!.Counters.Cancelled > 0 => "cancelled",
        _ => HasExpired ? "expired" : "completed",
    };

    /// <summary>
    /// True if lines were open when the window was over: what is open then fails at that moment. The times do not say it for ever: those of
    /// an end move where the clock was wrong (docs/adr/0017).
    /// </summary>
    private bool HasExpired => Job!.Errors.Any(one => one.Kind == ErrorKind.DeadlineExceeded);

    /// <summary>True if a list's job, which lacks the kinds of errors, does not say whether lines expired.</summary>
    public static bool NeedsErrors(JobView job) => job.Counters.Failed > 0 && job.IsOver && job.Errors.Count == 0;

    /// <summary>True if its output can be read.</summary>
    public bool HasOutput => Job is { Counters.Completed: > 0 } && (IsOver || Request.IsPartial);

    /// <summary>True if its failures can be read.</summary>
    public bool HasErrors => IsOver && Job!.Counters.Failed + Job.Counters.Cancelled > 0;

    /// <summary>When the files of its results are no longer found; null while it runs, and for as long as the job.</summary>
    public DateTimeOffset? OutputExpiresAt => EndedAt + Request.OutputLifetime;
}
