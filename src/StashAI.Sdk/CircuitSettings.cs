namespace StashAI.Sdk;

/// <summary>When a service counts as down, and how often it is tried again.</summary>
public sealed record CircuitSettings
{
    /// <summary>
    /// How many consecutive failures open the circuit; 5 by default. Failures are failed connections, time-outs and the statuses 502, 503
    /// and 504. A 500 counts only if the manifest has a health path and that fails too.
    /// </summary>
    public int Failures { get; init; } = 5;

    /// <summary>
    /// The time from the opening of the circuit to the first new try; 5 seconds by default. It doubles while the service stays down.
    /// </summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest time between two tries; 2 minutes by default.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(2);
}
