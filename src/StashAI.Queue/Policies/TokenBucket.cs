using StashAI.Sdk;

namespace StashAI.Queue.Policies;

/// <summary>A lane's saved-up calls. It is two numbers of a row, refilled by the database's clock when somebody looks.</summary>
/// <param name="Tokens">How many there were; fractions count.</param>
/// <param name="RefilledAt">When, Unix milliseconds; null for a bucket that was never used, which is full.</param>
public readonly record struct TokenBucket(double Tokens, long? RefilledAt)
{
    // Sums of fractions miss whole numbers by a hair; a thousandth of a token is no call too many.
    private const double Tolerance = 1e-6;

    /// <summary>Whole tokens: so many calls may begin now.</summary>
    public int WholeTokens => (int)Math.Min(int.MaxValue, Math.Floor(Tokens + Tolerance));

    /// <summary>The bucket as it is now. A clock that was set back gives nothing and takes nothing.</summary>
    public TokenBucket RefillAt(long now, RateLimit rate)
    {
        if (RefilledAt is not { } at) return new TokenBucket(rate.Burst, now);
        var gained = Math.Max(0, now - at) / 1000.0 * rate.PerSecond;
        return new TokenBucket(Math.Min(rate.Burst, Tokens + gained), now);
    }

    /// <summary>After so many calls began.</summary>
    public TokenBucket Take(int calls) => this with { Tokens = Tokens - calls };

    /// <summary>How long until there is a whole token again, rounded up to a millisecond.</summary>
    public TimeSpan UntilNext(RateLimit rate) =>
        WholeTokens > 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(Math.Min(1e12, (1 - Tolerance - Tokens) / rate.PerSecond * 1000)));
}
