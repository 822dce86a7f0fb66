using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Policies;

namespace StashAI.Queue.Tests.Policies;

public sealed class RetentionPolicyTests
{
    private static readonly RetentionPolicy Policy = new()
    {
        Completed = TimeSpan.FromDays(1),
        Partial = TimeSpan.FromDays(2),
        Failed = TimeSpan.FromDays(3),
        Cancelled = null,
        Services = new Dictionary<string, RetentionPolicy> { ["ocr"] = new() { Completed = TimeSpan.FromDays(9) } },
    };

    [Theory]
    [InlineData(JobState.Completed, 1)]
    [InlineData(JobState.Partial, 2)]
    [InlineData(JobState.Failed, 3)]
    [InlineData(JobState.Cancelled, null)]
    [InlineData(JobState.Pending, null)]
    [InlineData(JobState.Running, null)]
    [InlineData(JobState.Staging, null)]
    public void A_job_is_kept_for_the_time_of_its_state_and_an_open_one_for_ever(JobState state, int? days) =>
        Assert.Equal(days, (int?)Policy.Keep(state)?.TotalDays);

    [Fact]
    public void A_service_may_have_rules_of_its_own()
    {
        Assert.Equal(TimeSpan.FromDays(9), Policy.For("ocr").Keep(JobState.Completed));
        Assert.Equal(TimeSpan.FromDays(1), Policy.For("chat").Keep(JobState.Completed));
    }

    [Fact]
    public void By_default_failures_are_kept_longer_than_what_nobody_misses() =>
        Assert.All(
            [(JobState.Completed, 30), (JobState.Partial, 90), (JobState.Failed, 90), (JobState.Cancelled, 30)],
            row => Assert.Equal(TimeSpan.FromDays(row.Item2), RetentionPolicy.Default.Keep(row.Item1)));
}
