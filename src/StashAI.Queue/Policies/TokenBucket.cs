using StashAI.Sdk;

namespace StashAI.Queue.Policies;

/// <summary>
/// The token bucket of a lane's rate limit. It is stored as two numbers, and refilled by the database's clock when it is read.
/// </summary>
/// <param name="Tokens">The tokens at that time, with fractions.</param>
/// <param name="RefilledAt">When it was last refilled, Unix milliseconds; null for an unused bucket, which is full.</param>
public readonly record struct TokenBucket(double Tokens, long? RefilledAt)
{
    // Sums of fractions miss whole numbers by rounding errors.
    private const double Tolerance = 1e-6;

    /// <summary>The number of calls that may begin now.</summary>
    public int WholeTokens => (int)Math.Min(int.MaxValue, Math.Floor(Tokens + Tolerance));

    /// <summary>The bucket as of now. A clock that was set back adds and removes nothing.</summary>
    public TokenBucket RefillAt(long now, RateLimit rate)
    {
        if (RefilledAt is not { } at) return new TokenBucket(rate.Burst, now);
        var gained = Math.Max(0, now - at) / 1000.0 * rate.PerSecond;
        return new TokenBucket(Math.Min(rate.Burst, Tokens + gained), now);
    }

    /// <summary>The bucket after some calls have begun.</summary>
    public TokenBucket Take(int calls) => this with { Tokens = Tokens - calls };

    /// <summary>How long until there is a whole token, rounded up to a millisecond.</summary>
    public TimeSpan UntilNext(RateLimit rate) =>
        WholeTokens > 0
            ? TimeSpan.Zero
            : TimeSpan.FromMilliseconds(Math.Ceiling(Math.Min(1e12, (1 - Tolerance - Tokens) / rate.PerSecond * 1000)));
}
