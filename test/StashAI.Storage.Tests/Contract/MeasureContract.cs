using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Lanes;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>How fast lanes are, what is ahead of a job, and the queue in numbers.</summary>
public abstract class MeasureContract(IStoreHost host) : StoreContract(host)
{
    [Fact]
    public async Task The_nodes_that_live_work_side_by_side()
    {
        var job = await EnqueueAsync(10);
        Assert.Null((await Store.Measure.ReadOutlookAsync(job.Key, Cancellation))!.PerSecond);
        var lane = Assert.Single(await Store.Read.ListLanesAsync(Cancellation)).Key;
        var second = Store.Nodes.Register("second", Lease);

        await Store.Measure.ReportAsync(Node, [new LaneRate(lane, 1, 500, 100, 4)], Cancellation);
        await Store.Measure.ReportAsync(second, [new LaneRate(lane, 9, 200, 50, 6)], Cancellation);
        await Store.Measure.ReportAsync(Node, [new LaneRate(lane, 3, 400, 100, 5)], Cancellation);
        var outlook = (await Store.Measure.ReadOutlookAsync(job.Key, Cancellation))!;

        Assert.Equal(12, outlook.PerSecond!.Value, 6);
        Assert.Equal(250, outlook.MeanMs, 6);
        Assert.Equal(62.5, outlook.DeviationMs, 6);
        Assert.Equal((10, 0L), (outlook.Open, outlook.Ahead));
        Assert.Equal(11, (await Store.Measure.ReadStatsAsync(Cancellation)).LastMinute);
    }

    [Fact]
    public async Task What_the_last_node_measured_holds_until_another_one_measures()
    {
        var job = await EnqueueAsync(1);
        var lane = Assert.Single(await Store.Read.ListLanesAsync(Cancellation)).Key;
        await Store.Measure.ReportAsync(Node, [new LaneRate(lane, 2, 10, 1, 1)], Cancellation);
        Clock.Advance(Lease * 2);
        RegisterAgain();
        Assert.Equal(2, (await Store.Measure.ReadOutlookAsync(job.Key, Cancellation))!.PerSecond);

        await Store.Measure.ReportAsync(Node, [new LaneRate(lane, 5, 10, 1, 1)], Cancellation);
        Clock.Advance(Lease * 2);

        Assert.Equal(5, (await Store.Measure.ReadOutlookAsync(job.Key, Cancellation))!.PerSecond);
        Assert.Null(await Store.Measure.ReadOutlookAsync(4711, Cancellation));
    }

    [Fact]
    public async Task Higher_priorities_are_ahead_whole_and_equal_ones_in_turn()
    {
        await EnqueueAsync(1000);
        await EnqueueAsync(3);
        await EnqueueAsync(7, TestJobs.Job with { Priority = 9 });
        await EnqueueAsync(50, TestJobs.Job with { Priority = 1 });
        var paused = await EnqueueAsync(20);
        await Store.Control.PauseJobAsync(paused.Key, true, Cancellation);
        var job = await EnqueueAsync(10, TestJobs.Job with { MaxParallel = 2 });

        var outlook = (await Store.Measure.ReadOutlookAsync(job.Key, Cancellation))!;

        Assert.Equal((10, 10 + 3 + 7L, 2), (outlook.Open, outlook.Ahead, outlook.MaxParallel));
    }

    [Fact]
    public async Task The_outlooks_of_a_list_are_those_of_its_jobs()
    {
        var jobs = new List<long>();
        for (var i = 0; i < 30; i++)
        {
            var job = await EnqueueAsync(1 + (i * 7 % 40), TestJobs.Job with
            {
                Service = i % 3 == 0 ? "other" : TestJobs.Service,
                Priority = i % 4,
                MaxParallel = i % 5 == 0 ? 1 : int.MaxValue,
            });
            jobs.Add(job.Key);
            if (i % 6 == 0) await Store.Control.PauseJobAsync(job.Key, true, Cancellation);
        }

        foreach (var task in await ClaimAsync(40)) await ApplyAsync(Done(task));
        await ClaimAsync(9);
        foreach (var lane in await Store.Read.ListLanesAsync(Cancellation))
            await Store.Measure.ReportAsync(Node, [new LaneRate(lane.Key, lane.Key, 500, 100, 4)], Cancellation);

        var all = await Store.Measure.ReadOutlooksAsync([.. jobs, 4711], Cancellation);

        Assert.Equal(jobs, all.Keys.Order());
        foreach (var job in jobs) Assert.Equal(await Store.Measure.ReadOutlookAsync(job, Cancellation), all[job]);
        Assert.Empty(await Store.Measure.ReadOutlooksAsync([], Cancellation));
    }

    [Fact]
    public async Task The_database_tells_what_it_is_and_how_large()
    {
        var before = await Store.Sizes.ReadSizesAsync(Cancellation);
        Assert.InRange(before.Previews, 0, 65_536); // an empty table of PostgreSQL has its index
        Assert.True(before.Database > 0);
        Assert.Matches(@"^\d+\.\d+", before.Version);
        Assert.Matches(@"^\d{4}$", before.Schema);
        await EnqueueAsync(1);

        var after = await Store.Sizes.ReadSizesAsync(Cancellation);

        Assert.True(after.Database >= before.Database && after.Payloads >= before.Payloads);
        Assert.Equal(before.Kind == "sqlite", after.Log is not null);
    }

    [Fact]
    public async Task The_statistics_are_the_counters()
    {
        var empty = await Store.Measure.ReadStatsAsync(Cancellation);
        Assert.Equal((0L, 1, null), (empty.Tasks.Total, empty.Nodes, empty.OldestPending));
        var submitted = Clock.GetUtcNow();
        await EnqueueAsync(3);
        await EnqueueAsync(2, TestJobs.Job with { Service = "other" });
        await ApplyAsync(Done(await ClaimOneAsync()));
        Clock.Advance(TimeSpan.FromSeconds(5));

        var stats = await Store.Measure.ReadStatsAsync(Cancellation);

        Assert.Equal((5L, 4L, 1L), (stats.Tasks.Total, stats.Tasks.Available, stats.Tasks.Completed));
        Assert.Equal([TestJobs.Service, "other"], stats.Services.Select(service => service.Service));
        Assert.Equal(2, stats.Jobs.Sum());
        Assert.Equal(1, stats.Jobs[(int)JobState.Running]);
        Assert.Equal(submitted, stats.OldestPending);
    }
}
