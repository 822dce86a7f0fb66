namespace StashAI.Queue.Policies;

/// <summary>When a failed attempt is tried again: exponential backoff with full jitter.</summary>
/// <param name="Base">The longest wait after the first attempt.</param>
/// <param name="Cap">The longest wait after any attempt.</param>
/// <remarks>
/// Full jitter draws the whole wait at random, so that tasks that failed together do not come back together
/// (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
/// </remarks>
public sealed record RetryPolicy(TimeSpan Base, TimeSpan Cap)
{
    /// <summary>From 2 s, doubling up to 5 min.</summary>
    public static RetryPolicy Default { get; } = new(TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(5));

    /// <summary>
    /// The wait after attempt number <paramref name="attempt"/> (from 1); <paramref name="random"/> is a random number in [0, 1).
    /// </summary>
    public TimeSpan DelayAfter(int attempt, double random)
    {
        var longest = Math.Min(Cap.TotalSeconds, Base.TotalSeconds * Math.Pow(2, Math.Clamp(attempt - 1, 0, 60)));
        return TimeSpan.FromSeconds(longest * random);
    }

    /// <summary>
    /// The wait after a throttled attempt whose service named no time: at least half of the longest, because the service is busy.
    /// </summary>
    public TimeSpan ThrottleDelayAfter(int attempt, double random) => DelayAfter(attempt, 0.5 + (random / 2));
}
