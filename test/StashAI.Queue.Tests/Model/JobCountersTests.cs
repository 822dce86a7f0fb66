using CsCheck;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Queue.Tests.Model;

public sealed class JobCountersTests
{
    private static readonly Gen<JobCounters> Counters =
        Gen.Int[0, 100_000].Array[6].Select(n => new JobCounters(n.Sum(), n[0], n[1], n[2], n[3], n[4], n[5]));

    [Fact]
    public void Every_task_is_either_open_or_over() =>
        Counters.Sample(counters => counters.Open + counters.Ended == counters.Total);

    [Theory]
    [InlineData(0, 0, 0, 0, 0)]
    [InlineData(10, 0, 0, 0, 0)]
    [InlineData(10, 6, 1, 60, 70)]
    [InlineData(3, 1, 1, 33.33, 66.67)]
    [InlineData(7, 7, 0, 100, 100)]
    [InlineData(7, 0, 7, 0, 100)]
    [InlineData(200_000, 199_999, 0, 99.99, 99.99)]
    [InlineData(200_000, 199_999, 1, 99.99, 100)]
    public void Progress_is_the_share_that_completed_and_processed_the_share_that_is_over(
        int total, int completed, int failed, double progress, double processed)
    {
        var counters = new JobCounters(total, total - completed - failed, 0, 0, completed, failed, 0);

        Assert.Equal((progress, processed), (counters.ProgressPercentage, counters.ProcessedPercentage));
    }

    /// <summary>A client that waits for 100 must not stop too early, however large the job is.</summary>
    [Fact]
    public void A_job_is_at_100_percent_exactly_when_every_task_is() =>
        Gen.Select(Gen.Int[1, 16_000_000], Gen.Int[0, 3], Gen.Int[0, 3]).Sample((total, open, failed) =>
        {
            var left = Math.Min(total, open + failed);
            var counters = new JobCounters(total, left - Math.Min(left, failed), 0, 0, total - left, Math.Min(left, failed), 0);

            return counters.ProgressPercentage == 100 == (counters.Completed == total)
                && counters.ProcessedPercentage == 100 == (counters.Open == 0);
        });
}
