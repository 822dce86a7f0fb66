using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Figures;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>What calls cost, added up by job, day, key and service, without the errors of binary fractions.</summary>
public abstract class CostContract(IStoreHost host) : StoreContract(host)
{
    [Fact]
    public async Task Costs_are_added_up_exactly_and_each_once()
    {
        var job = await EnqueueAsync(4);
        var tasks = await ClaimAsync(4);
        var paid = Done(tasks[0], "{}") with { Cost = 0.1m };

        Assert.Equal(ApplyStatus.Applied, await ApplyAsync(paid));
        Assert.Equal(ApplyStatus.AlreadyApplied, await ApplyAsync(paid));
        await ApplyAsync(Done(tasks[1], "{}") with { Cost = 0.2m });
        await ApplyAsync(Done(tasks[2], "{}") with { Cost = 0.000000000000001m });
        await ApplyAsync(Done(tasks[3], "{}"));

        Assert.Equal(0.300000000000001m, (await JobAsync(job)).Cost);
        Assert.Equal(0.1m, (await TaskAsync(tasks[0].Key)).Cost);
        Assert.Null((await TaskAsync(tasks[3].Key)).Cost);
        var day = Assert.Single(await ReadAsync());
        Assert.Equal((3L, 0.300000000000001m, null), (day.Tasks, day.Cost, day.Owner));
    }

    [Fact]
    public async Task Days_have_the_costs_of_each_key_and_service_and_outlive_the_jobs()
    {
        foreach (var (owner, cost) in ((string?, decimal)[])[("ann", 1m), ("bo", 2m), (null, 4m)])
        {
            await EnqueueAsync(1, TestJobs.Job with { Owner = owner });
            await ApplyAsync(Done(await ClaimOneAsync(), "{}") with { Cost = cost });
        }

        Assert.Equal([4m, 1m, 2m], (await ReadAsync()).Select(one => one.Cost));
        Assert.Equal([2m], (await ReadAsync(owner: "bo")).Select(one => one.Cost));
        Assert.Equal([], await ReadAsync(service: "other"));
        Assert.Equal(2, (await ReadAsync(limit: 2)).Count);
    }

    [Fact]
    public async Task A_job_without_costs_has_none()
    {
        var job = await EnqueueAsync(1);
        await ApplyAsync(Done(await ClaimOneAsync(), "{}"));

        Assert.Null((await JobAsync(job)).Cost);
        Assert.Empty(await ReadAsync());
    }

    private async Task<IReadOnlyList<DayCost>> ReadAsync(string? owner = null, string? service = null, int limit = 100)
    {
        var today = DateOnly.FromDateTime(Clock.GetUtcNow().UtcDateTime);
        return await Store.Measure.ReadCostsAsync(new CostQuery(today, today, owner, service), limit, Cancellation);
    }
}
