namespace StashAI.Bench.Soak;

/// <summary>What a soak does.</summary>
internal sealed record SoakPlan(TimeSpan Duration, bool UsesPostgres, int Seed, int Clients)
{
    /// <summary>Short, so that a process that is stopped for longer really loses it again and again.</summary>
    public TimeSpan Lease { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Processes with HTTP, each with workers too.</summary>
    public int Gateways { get; } = 2;

    /// <summary>Processes with workers alone.</summary>
    public int Workers { get; } = 2;

    /// <summary>Calls at once, per process.</summary>
    public int CallsPerProcess { get; } = 4;
}
