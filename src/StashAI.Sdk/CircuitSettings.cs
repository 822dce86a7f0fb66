namespace StashAI.Sdk;

/// <summary>When a service counts as down, and how often it is asked whether it is back.</summary>
public sealed record CircuitSettings
{
    /// <summary>
    /// So many failures with no answer between them open the circuit: connections that fail, time-outs, 502, 503 and 504. A 500
    /// counts only where the manifest has a health path and that fails too.
    /// </summary>
    public int Failures { get; init; } = 5;

    /// <summary>How long after opening the service is asked for the first time; the pause doubles while it stays down.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest pause between two questions.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(2);
}
