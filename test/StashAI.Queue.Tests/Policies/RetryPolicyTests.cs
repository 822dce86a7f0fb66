using StashAI.Queue.Policies;

namespace StashAI.Queue.Tests.Policies;

public sealed class RetryPolicyTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(3, 8)]
    [InlineData(8, 256)]
    [InlineData(9, 300)]
    [InlineData(1000, 300)]
    [InlineData(int.MaxValue, 300)]
    [InlineData(0, 2)]
    public void The_longest_wait_doubles_up_to_its_cap_and_jitter_takes_any_part_of_it(int attempt, double longest)
    {
        Assert.Equal(TimeSpan.Zero, RetryPolicy.Default.DelayAfter(attempt, 0));
        Assert.Equal(TimeSpan.FromSeconds(longest / 2), RetryPolicy.Default.DelayAfter(attempt, 0.5));
        Assert.InRange(RetryPolicy.Default.DelayAfter(attempt, 0.999999).TotalSeconds, longest * 0.99, longest);
    }
}
