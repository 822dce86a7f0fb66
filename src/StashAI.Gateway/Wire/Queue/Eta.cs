namespace StashAI.Gateway.Wire.Queue;

/// <summary>An estimate of a job's end.</summary>
/// <param name="Seconds">The expected seconds from now.</param>
/// <param name="P90Seconds">The 90th percentile of the seconds from now.</param>
/// <param name="At">The expected time, UTC.</param>
internal sealed record Eta(double Seconds, double P90Seconds, DateTimeOffset At);
