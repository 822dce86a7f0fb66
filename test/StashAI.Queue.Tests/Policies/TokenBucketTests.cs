using CsCheck;
using StashAI.Queue.Policies;
using StashAI.Sdk;

namespace StashAI.Queue.Tests.Policies;

public sealed class TokenBucketTests
{
    private const long Now = 1_000_000_000;

    [Fact]
    public void A_bucket_that_was_never_used_is_full() =>
        Assert.Equal(new TokenBucket(5, Now), new TokenBucket(0, null).RefillAt(Now, new RateLimit(0.1, 5)));

    [Theory]
    [InlineData(-3_600_000)]
    [InlineData(-1)]
    [InlineData(0)]
    public void A_clock_that_was_set_back_gives_nothing_and_takes_nothing(long step) =>
        Assert.Equal(new TokenBucket(2.5, Now + step), new TokenBucket(2.5, Now).RefillAt(Now + step, new RateLimit(10, 5)));

    [Theory]
    [InlineData(0, 3, 334)]
    [InlineData(-2, 1, 3_000)]
    [InlineData(0.5, 2, 250)]
    [InlineData(1, 2, 0)]
    [InlineData(0.9999999, 2, 0)]
    [InlineData(7, 2, 0)]
    public void It_says_when_the_next_call_may_begin(double tokens, double perSecond, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), new TokenBucket(tokens, Now).UntilNext(new RateLimit(perSecond, 5)));

    [Fact]
    public void At_that_time_there_is_one_and_well_before_there_is_none() =>
        Gen.Select(Gen.Double[-5, 0.999], Gen.Double[0.01, 200]).Sample((tokens, perSecond) =>
        {
            var rate = new RateLimit(perSecond, 5);
            var bucket = new TokenBucket(tokens, Now);
            var wait = (long)bucket.UntilNext(rate).TotalMilliseconds;

            return bucket.RefillAt(Now + wait + 1, rate).WholeTokens >= 1
                && (wait < 2 || bucket.RefillAt(Now + wait - 2, rate).WholeTokens == 0);
        });

    [Fact]
    public void A_rate_that_hardly_ever_gives_a_call_is_a_long_wait_and_no_overflow() =>
        Assert.Equal(TimeSpan.FromMilliseconds(1e12), new TokenBucket(0, Now).UntilNext(new RateLimit(1e-300)));

    /// <summary>The promise to the service: over any time no more calls than were saved up and came back.</summary>
    [Fact]
    public void Calls_never_exceed_the_burst_and_the_rate() =>
        Gen.Select(Gen.Double[0.1, 50], Gen.Int[1, 20], Gen.Int[0, 3_000].Array[1, 40]).Sample((perSecond, burst, waits) =>
        {
            var rate = new RateLimit(perSecond, burst);
            var bucket = new TokenBucket(0, null);
            var (now, calls) = (Now, 0);
            foreach (var wait in waits)
            {
                bucket = bucket.RefillAt(now += wait, rate);
                calls += bucket.WholeTokens;
                bucket = bucket.Take(bucket.WholeTokens);
                Assert.InRange(bucket.Tokens, -0.001, 1);
            }

            Assert.InRange(calls, burst, burst + ((now - Now) / 1000.0 * perSecond) + 0.01);
        });

    [Fact]
    public void It_counts_whole_calls_however_many_are_saved_up()
    {
        Assert.Equal(2, new TokenBucket(2.9, Now).WholeTokens);
        Assert.Equal(int.MaxValue, new TokenBucket(1e300, Now).WholeTokens);
    }
}
