using StashAI.Queue.Policies;

namespace StashAI.Queue.Settings;

/// <summary>How a process takes part in the work of the queue.</summary>
public sealed record QueueOptions
{
    /// <summary>The name of the process in the list of nodes.</summary>
    public string NodeName { get; init; } = Environment.MachineName;

    /// <summary>The labels of the process, which services may require.</summary>
    public LabelSet Labels { get; init; } = LabelSet.Empty;

    /// <summary>The most concurrent calls; 0 for a process that only accepts jobs.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>How long a lease lasts without a renewal.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often the lease is renewed.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>How often to look for work when nothing wakes the process.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long running calls may continue when the process stops; then they are aborted.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long aborted calls may take to end.</summary>
    public TimeSpan AbortTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The most tasks to claim ahead of free slots.</summary>
    public int MaxAhead { get; init; } = 2048;

    /// <summary>How long jobs are kept after their end.</summary>
    public RetentionPolicy Retention { get; init; } = RetentionPolicy.Default;

    /// <summary>How long changes by people and ended bulk operations are kept; null for ever.</summary>
    public TimeSpan? AuditRetention { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long deliveries of webhooks are kept after their end; null for ever.</summary>
    public TimeSpan? WebhookRetention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long an upload in chunks is kept after its last chunk.</summary>
    public TimeSpan UploadRetention { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long results are known to jobs that reuse them; null for as long as the jobs that computed them are kept.</summary>
    public TimeSpan? ResultRetention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>The folder whose disk is watched; null for none.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>With less room on that disk, in bytes, something needs attention; 0 for never.</summary>
    public long DiskLowBytes { get; init; }

    /// <summary>What the process does, as a word, in the list of nodes: <c>serve</c> or <c>worker</c>.</summary>
    public string? Role { get; init; }

    /// <summary>The version of the program, in the list of nodes.</summary>
    public string? Version { get; init; }

    /// <summary>A job's priority rises by one for each such time that it waits; zero for never.</summary>
    public TimeSpan AgingStep { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>An open transaction of any database client that is older than this causes a warning.</summary>
    public TimeSpan OldTransactionAge { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The longest time for which one answer of a service can block its lane.</summary>
    public TimeSpan MaxPause { get; init; } = TimeSpan.FromHours(1);

    /// <summary>When failed attempts are tried again.</summary>
    public RetryPolicy Retry { get; init; } = RetryPolicy.Default;
}
