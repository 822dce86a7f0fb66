namespace StashAI.Sdk;

/// <summary>How many calls a service takes over time: a token bucket that all processes share.</summary>
/// <param name="PerSecond">Tokens that come back each second; fractions are fine (0.1 is one call every ten seconds).</param>
/// <param name="Burst">The most tokens that are saved up, at least 1: so many calls may come at once.</param>
public sealed record RateLimit(double PerSecond, double Burst = 1);
