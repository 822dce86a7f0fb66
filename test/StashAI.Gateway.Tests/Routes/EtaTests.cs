using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>How long work takes, from a lane's measured speed.</summary>
public sealed class EtaTests
{
    [Fact]
    public void Work_takes_what_the_lane_needs_for_it_and_for_what_is_ahead()
    {
        var work = EtaReader.Estimate(
            new JobOutlook(Open: 100, Ahead: 50, PerSecond: 2, MeanMs: 2000, DeviationMs: 0, MaxParallel: int.MaxValue))!.Value;

        Assert.Equal(75, work.Seconds, 3);
        Assert.Equal(75, work.P90Seconds, 3);
    }

    [Fact]
    public void A_job_that_runs_few_at_once_takes_longer_than_its_lane_would()
    {
        var work = EtaReader.Estimate(
            new JobOutlook(Open: 100, Ahead: 0, PerSecond: 4, MeanMs: 1000, DeviationMs: 500, MaxParallel: 1))!.Value;

        Assert.Equal(100, work.Seconds, 3);
        Assert.InRange(work.P90Seconds, 106, 107);
    }

    [Fact]
    public void Nothing_is_said_before_something_was_measured() =>
        Assert.Null(EtaReader.Estimate(new JobOutlook(1, 0, null, 0, 0, 1)));

    [Theory]
    [InlineData(0.2, "1s")]
    [InlineData(45, "45s")]
    [InlineData(61, "1min")]
    [InlineData(120, "2min")]
    [InlineData(3600, "1h")]
    [InlineData(12000, "3h 20min")]
    [InlineData(187200, "2d 4h")]
    public void It_is_said_in_words(double seconds, string words) => Assert.Equal(words, EtaJson.Words(seconds));
}
