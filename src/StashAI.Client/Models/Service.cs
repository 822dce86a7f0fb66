namespace StashAI.Client.Models;

/// <summary>An AI service that the server can call.</summary>
public sealed record Service
{
    /// <summary>The name of the service.</summary>
    public string Name { get; init; } = "";

    /// <summary>True when the server has an address for the service.</summary>
    public bool Configured { get; init; }

    /// <summary>The address that the service is configured with, without its path; null while none is, and from older servers.</summary>
    public string? Address { get; init; }

    /// <summary>False until the first job for the service comes. Null from older servers.</summary>
    public bool? Called { get; init; }

    /// <summary>True while the service is paused: running tasks go on, and no further task starts.</summary>
    public bool Paused { get; init; }

    /// <summary>When its pause, and that of everything, ends by itself; null when it is not paused, or until somebody resumes.</summary>
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>Calls that are running.</summary>
    public int Running { get; init; }

    /// <summary>Tasks that wait: for a free slot, for their start or for their next attempt. Null from older servers.</summary>
    public long? Waiting { get; init; }

    /// <summary>What the service can do; null where this server keeps its jobs and cannot call it.</summary>
    public IReadOnlyList<ServiceOperation>? Operations { get; init; }

    /// <summary>How people see the results of operations without a view of their own; null for a table of their fields.</summary>
    public ServiceView? View { get; init; }

    /// <summary>How much the service is asked at once; null as <see cref="Operations"/>.</summary>
    public ServiceLimits? Limits { get; init; }

    /// <summary>The limits of the declaration; null where this server cannot call the service.</summary>
    public ServiceLimitValues? Declared { get; init; }

    /// <summary>The limits that a person set; they count before those of the declaration. Null from older servers.</summary>
    public ServiceLimitValues? Set { get; init; }

    /// <summary>When the service may be called; null for always.</summary>
    public ServiceHours? AllowedHours { get; init; }

    /// <summary>The addresses of the service that were called.</summary>
    public IReadOnlyList<Lane> Lanes { get; init; } = [];
}
