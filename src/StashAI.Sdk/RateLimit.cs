namespace StashAI.Sdk;

/// <summary>How many calls a service accepts over time: a token bucket that all processes share.</summary>
/// <param name="PerSecond">The tokens added each second; fractions are allowed (0.1 is one call every ten seconds).</param>
/// <param name="Burst">The size of the bucket, at least 1: how many calls may start at the same moment.</param>
public sealed record RateLimit(double PerSecond, double Burst = 1);
