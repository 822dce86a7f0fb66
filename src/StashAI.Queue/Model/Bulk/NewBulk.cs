using StashAI.Queue.Model.Jobs;

namespace StashAI.Queue.Model.Bulk;

/// <summary>A bulk operation that a person asks for.</summary>
/// <param name="Id">Its public id.</param>
/// <param name="Priority">For <see cref="BulkAction.Priority"/>.</param>
/// <param name="Filter">The filter as the person sent it, as JSON.</param>
/// <param name="Query">The jobs that it means.</param>
/// <param name="AskedBy">The name of the caller's API key; null without one.</param>
/// <param name="Matched">How many jobs match, as far as they were counted.</param>
public sealed record NewBulk(Guid Id, BulkAction Action, int? Priority, string Filter, JobQuery Query, string? AskedBy, long Matched)
{
    /// <summary>
    /// The process that works on it from the start, and for how long before another one does; null for whichever comes first.
    /// </summary>
    public (Guid Worker, TimeSpan Lease)? Taken { get; init; }

    /// <summary>For <see cref="BulkAction.Rematch"/>: the threshold that replaces those of the jobs; null to keep them.</summary>
    public double? Threshold { get; init; }

    /// <summary>The jobs that an action can change, among those of a filter; null when there can be none.</summary>
    public static JobQuery? Narrow(JobQuery query, BulkAction action)
    {
        IReadOnlyList<JobState>? states = action switch
        {
            BulkAction.Cancel or BulkAction.Pause or BulkAction.Resume or BulkAction.Priority => [JobState.Pending, JobState.Running],
            BulkAction.Retry or BulkAction.Skip =>
                [JobState.Pending, JobState.Running, JobState.Partial, JobState.Failed, JobState.Cancelled],
            BulkAction.Rematch => [JobState.Completed, JobState.Partial, JobState.Failed, JobState.Cancelled],
            _ => null,
        };
        bool? paused = action switch
        {
            BulkAction.Pause => false,
            BulkAction.Resume => true,
            _ => query.IsPaused,
        };
        if (query.IsPaused is { } wanted && wanted != paused) return null;
        if (states is not null && query.States.Count > 0) states = [.. states.Intersect(query.States)];
        if (states is { Count: 0 }) return null;
        return query with
        {
            States = states ?? query.States,
            IsPaused = paused,
            OnlyFailed = action is BulkAction.Retry or BulkAction.Skip,
        };
    }
}
