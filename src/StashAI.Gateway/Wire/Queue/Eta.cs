namespace StashAI.Gateway.Wire.Queue;

/// <summary>When a job will probably be over.</summary>
/// <param name="Seconds">From now on.</param>
/// <param name="P90Seconds">In nine of ten cases sooner than this.</param>
/// <param name="At">The moment, UTC.</param>
internal sealed record Eta(double Seconds, double P90Seconds, DateTimeOffset At);
