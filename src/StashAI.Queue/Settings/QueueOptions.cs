using StashAI.Queue.Policies;

namespace StashAI.Queue.Settings;

/// <summary>How a process takes part in the queue.</summary>
public sealed record QueueOptions
{
    /// <summary>What the process is called in the node list.</summary>
    public string NodeName { get; init; } = Environment.MachineName;

    /// <summary>What the process can do; services may require it.</summary>
    public LabelSet Labels { get; init; } = LabelSet.Empty;

    /// <summary>Calls at once; 0 for a process that only takes jobs in.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>How long the node's right to work lasts without a renewal.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often the lease is renewed.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>How long to wait for work when no wake-up comes.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long running calls may go on when the process stops.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long aborted calls may take to end.</summary>
    public TimeSpan AbortTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The most tasks claimed ahead of free slots.</summary>
    public int MaxAhead { get; init; } = 2048;

    /// <summary>How long jobs are kept after their end.</summary>
    public RetentionPolicy Retention { get; init; } = RetentionPolicy.Default;

    /// <summary>A job that waited so long is served as if its priority were one higher, and so on; zero for never.</summary>
    public TimeSpan AgingStep { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A transaction of anybody in the database that is open for so long is worth a warning.</summary>
    public TimeSpan OldTransactionAge { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The longest that one answer of a service may make its lane wait; then the service is asked again.</summary>
    public TimeSpan MaxPause { get; init; } = TimeSpan.FromHours(1);

    /// <summary>When failed attempts are tried again.</summary>
    public RetryPolicy Retry { get; init; } = RetryPolicy.Default;
}
