using StashAI.Queue.Model.Figures;
using StashAI.Queue.Policies;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>The series: counts per minute and hour, which processes add to together.</summary>
public abstract class SeriesContract(IStoreHost host) : StoreContract(host)
{
    private DateTimeOffset Minute => Clock.GetUtcNow();

    [Fact]
    public async Task Processes_add_to_the_same_minute_and_points_sum_over_services_and_time()
    {
        var other = await OpenAnotherAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? Store : other).Measure.AddSeriesAsync(
            Minute,
            [
                new(Minute, "a", new(1, 2, 3, 4, 5), [(10, 2), (20, 1)]),
                new(Minute.AddMinutes(1), "a", new(1, 0, 0, 0, 0), []),
                new(Minute, "b", new(0, 1, 0, 0, 0), [(10, 1)]),
            ],
            Cancellation)));

        var points = await ReadAsync(TimeSpan.FromMinutes(1), "a");
        Assert.Equal([Minute, Minute.AddMinutes(1)], points.Select(point => point.At));
        Assert.Equal(new SeriesCounts(20, 40, 60, 80, 100), points[0].Counts);
        Assert.Equal([(10, 40L), (20, 20L)], points[0].Calls);
        var all = Assert.Single(await ReadAsync(TimeSpan.FromMinutes(15), null));
        Assert.Equal((Minute, new SeriesCounts(40, 60, 60, 80, 100)), (all.At, all.Counts));
        Assert.Equal([(10, 60L), (20, 20L)], all.Calls);
        Assert.Empty(await ReadAsync(TimeSpan.FromMinutes(1), "nobody"));
    }

    [Fact]
    public async Task Waiting_is_the_most_at_once_from_the_counters()
    {
        await EnqueueAsync(7);
        await Store.Measure.AddSeriesAsync(Minute, [], Cancellation);
        foreach (var task in await ClaimAsync(4)) await ApplyAsync(Done(task));
        await EnqueueAsync(2, TestJobs.Job with { Service = "other" });
        await Store.Measure.AddSeriesAsync(Minute, [], Cancellation);

        Assert.Equal(7, Assert.Single(await ReadAsync(TimeSpan.FromMinutes(1), TestJobs.Service)).Waiting);
        Assert.Equal(9, Assert.Single(await ReadAsync(TimeSpan.FromMinutes(1), null)).Waiting);
    }

    [Fact]
    public async Task Hours_equal_the_sums_of_their_minutes_however_often_they_are_rolled_up_and_old_points_go()
    {
        var random = new Random(7);
        var expected = new Dictionary<DateTimeOffset, SeriesCounts>();
        for (var minute = 0; minute < 150; minute++)
        {
            var counts = new SeriesCounts(random.Next(5), random.Next(5), random.Next(5), random.Next(5), random.Next(5));
            await Store.Measure.AddSeriesAsync(Minute, [new(Minute, "a", counts, [(random.Next(3), 1)])], Cancellation);
            var hour = new DateTimeOffset(Minute.Year, Minute.Month, Minute.Day, Minute.Hour, 0, 0, TimeSpan.Zero);
            var sum = expected.GetValueOrDefault(hour);
            expected[hour] = new(
                sum.Submitted + counts.Submitted, sum.Completed + counts.Completed, sum.Failed + counts.Failed,
                sum.Retried + counts.Retried, sum.Throttled + counts.Throttled);
            if (minute % 17 == 0) await Store.Measure.RollSeriesAsync(Cancellation);
            Clock.Advance(TimeSpan.FromMinutes(1));
        }

        await Store.Measure.RollSeriesAsync(Cancellation);
        await Store.Measure.RollSeriesAsync(Cancellation);
        var hours = await ReadAsync(TimeSpan.FromHours(1), "a");
        Assert.Equal(expected, hours.ToDictionary(point => point.At, point => point.Counts));
        Assert.Equal(150, hours.Sum(point => point.Calls.Sum(call => call.Count)));

        Clock.Advance(TimeSpan.FromHours(48));
        await Store.Measure.RollSeriesAsync(Cancellation);
        Assert.Empty(await ReadAsync(TimeSpan.FromMinutes(1), "a"));
        Assert.Equal(expected, (await ReadAsync(TimeSpan.FromHours(1), "a")).ToDictionary(point => point.At, point => point.Counts));
        Clock.Advance(TimeSpan.FromDays(91));
        await Store.Measure.RollSeriesAsync(Cancellation);
        Assert.Empty(await ReadAsync(TimeSpan.FromHours(1), "a"));
    }

    [Fact]
    public async Task Percentiles_of_summed_buckets_are_those_of_all_calls_within_a_tenth()
    {
        var random = new Random(3);
        var times = new List<double>();
        for (var process = 0; process < 10; process++)
        {
            var some = Enumerable.Range(0, 200).Select(_ => Math.Exp(random.NextDouble() * 10) + 1).ToList();
            times.AddRange(some);
            var calls = some.GroupBy(time => LatencyBuckets.Of(TimeSpan.FromMilliseconds(time)))
                .Select(one => (one.Key, (long)one.Count()));
            await Store.Measure.AddSeriesAsync(
                Minute, [new(Minute.AddMinutes(process % 3), "a", default, [.. calls])], Cancellation);
        }

        times.Sort();
        var point = Assert.Single(await ReadAsync(TimeSpan.FromMinutes(15), "a"));
        foreach (var part in (double[])[0.01, 0.5, 0.95, 1])
        {
            var exact = times[(int)Math.Ceiling(times.Count * part) - 1];
            Assert.InRange(LatencyBuckets.Percentile(point.Calls, part)!.Value, exact * 0.9, exact * 1.1);
        }

        Assert.Null(LatencyBuckets.Percentile([], 0.5));
    }

    private Task<IReadOnlyList<SeriesPoint>> ReadAsync(TimeSpan step, string? service) => Store.Measure.ReadSeriesAsync(
        new SeriesQuery(Clock.GetUtcNow().AddDays(-80), Clock.GetUtcNow().AddDays(1), step, service), Cancellation);
}
