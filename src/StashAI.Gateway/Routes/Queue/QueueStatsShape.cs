using StashAI.Gateway.Wire.Docs.Shapes;

namespace StashAI.Gateway.Routes.Queue;

/// <summary>The queue in numbers.</summary>
internal sealed record QueueStatsShape(
    int TotalTasks, int Pending, int Running, int PendingTasks, int RunningTasks, int CompletedTasks, int FailedTasks, int CancelledTasks,
    int Active, int Scheduled, int Reserved, TaskTotalsShape Tasks, JobTotalsShape Jobs,
    IReadOnlyDictionary<string, TaskTotalsShape> Adapters, int Workers, double? OldestPendingSeconds, double ThroughputPerMinute,
    DateTimeOffset Timestamp)
{
    public static QueueStatsShape Example { get; } = new(
        14, 0, 0, 0, 0, 12, 2, 0, 0, 0, 0,
        new(14, 0, 0, 0, 0, 12, 12, 2, 0),
        new(7, 0, 0, 0, 5, 2, 0, 0),
        new Dictionary<string, TaskTotalsShape>
        {
            ["interactions"] = new(3, 0, 0, 0, 0, 3, 3, 0, 0),
            ["visage"] = new(11, 0, 0, 0, 0, 9, 9, 2, 0),
        },
        1, null, 14, Samples.Time);
}

/// <summary>Tasks by their states.</summary>
internal sealed record TaskTotalsShape(
    int Total, int Pending, int Available, int Scheduled, int Running, int Completed, int Finished, int Failed, int Cancelled);

/// <summary>Jobs by their states.</summary>
internal sealed record JobTotalsShape(
    int Total, int Active, int Pending, int Running, int Completed, int Partial, int Failed, int Cancelled);
