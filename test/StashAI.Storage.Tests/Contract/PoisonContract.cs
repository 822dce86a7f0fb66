using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Items that break every call of theirs do not stop a lane for others, and do not wait for ever (docs/adr/0019).</summary>
public abstract class PoisonContract(IStoreHost host) : StoreContract(host)
{
    private static readonly CircuitSettings Settings =
        new() { Failures = 3, FirstPause = TimeSpan.FromSeconds(5), LongestPause = TimeSpan.FromSeconds(20) };

    private readonly HashSet<long> poison = [];
    private int attempts;

    [Theory]
    [InlineData(40, 1, null)]
    [InlineData(1, 40, null)]
    [InlineData(8, 5, "/health")]
    public async Task Poison_of_the_highest_priority_ends_and_others_are_served_meanwhile(int jobs, int tasks, string? health)
    {
        await Store.Gate.DeclareAsync([TestJobs.Manifest with { Circuit = Settings, HealthPath = health }], Cancellation);
        var bad = new List<EnqueuedJob>();
        for (var i = 0; i < jobs; i++) bad.Add(await EnqueueAsync(tasks, TestJobs.Job with { Priority = 9 }));
        foreach (var job in bad) poison.Add(job.Key);
        var good = await EnqueueAsync(3, TestJobs.Job with { Priority = 1 });

        for (var turn = 0; turn < 600 && !await AreOverAsync([good]); turn++) await TurnAsync(health is not null);
        Assert.Equal(3, (await JobAsync(good)).Counters.Completed);

        var later = new List<EnqueuedJob>();
        for (var turn = 0; turn < 900 && !await AreOverAsync(bad); turn++)
        {
            // Somebody else comes now and then: what breaks while others are answered spends its attempts.
            if (turn % 20 == 0) later.Add(await EnqueueAsync(1, TestJobs.Job with { Priority = 1 }));
            await TurnAsync(health is not null);
        }

        Assert.All(
            await Store.Read.FindJobsAsync([.. bad.Select(job => job.Key)], Cancellation), job => Assert.Equal(JobState.Failed, job.State));
    }

    [Fact]
    public async Task Poison_in_a_job_with_good_items_spends_its_attempts_and_the_job_ends()
    {
        await Store.Gate.DeclareAsync([TestJobs.Manifest with { Circuit = Settings }], Cancellation);
        var job = await EnqueueAsync(30);
        var bad = Enumerable.Range(0, 20).Select(ordinal => TaskKey.From(job.Key, ordinal)).ToHashSet();

        for (var turn = 0; turn < 900 && !await AreOverAsync([job]); turn++) await TurnAsync(false, bad);

        var view = await JobAsync(job);
        Assert.Equal((10, 20), (view.Counters.Completed, view.Counters.Failed));
    }

    [Fact]
    public async Task A_service_that_answers_nobody_burns_no_attempts()
    {
        await Store.Gate.DeclareAsync([TestJobs.Manifest with { Circuit = Settings }], Cancellation);
        var jobs = new[] { await EnqueueAsync(5), await EnqueueAsync(5, TestJobs.Job with { Priority = 9 }) };
        foreach (var job in jobs) poison.Add(job.Key);

        for (var turn = 0; turn < 60; turn++) await TurnAsync(false);

        foreach (var job in jobs)
        {
            foreach (var task in await Store.Read.ListTasksAsync(job.Key, 0, 10, false, Cancellation)) Assert.InRange(task.Attempt, 0, 2);
        }
    }

    [Fact]
    public async Task Two_processes_see_the_same_breakers()
    {
        await Store.Gate.DeclareAsync([TestJobs.Manifest with { Circuit = Settings }], Cancellation);
        var other = await OpenAnotherAsync();
        var otherNode = other.Nodes.Register("second", Lease);
        var bad = await EnqueueAsync(1, TestJobs.Job with { Priority = 9 });
        var good = await EnqueueAsync(2);
        var first = await ClaimOneAsync();
        Assert.Equal(bad.Key, first.Job.Key);
        await ApplyAsync(Broken(first));
        await ApplyAsync(Done(await ClaimOneAsync()));
        await Store.Maintain.PromoteAsync(10, Cancellation);

        var again = Assert.Single(await ClaimAsync(1, otherNode, other));
        Assert.Equal((bad.Key, 2), (again.Job.Key, again.Attempt));
        await other.Work.ApplyAsync(otherNode, [Broken(again)], Cancellation);
        await Store.Maintain.PromoteAsync(10, Cancellation);
        var third = await ClaimOneAsync();

        Assert.Equal((bad.Key, 3), (third.Job.Key, third.Attempt));
        Assert.NotEqual(bad.Key, good.Key);
    }

    /// <summary>Four calls at once, which end before the next four, and then a second passes.</summary>
    private async Task TurnAsync(bool hasHealth, HashSet<long>? bad = null)
    {
        Clock.Advance(TimeSpan.FromSeconds(1));
        if (!Store.Nodes.Renew(Node, Lease).Alive) RegisterAgain();
        if (hasHealth && (await Store.Gate.BeginProbeAsync([TestJobs.Service], TimeSpan.FromSeconds(15), Cancellation)).Probe is { } probe)
            await Store.Gate.EndProbeAsync(probe, true, Cancellation);
        await Store.Maintain.PromoteAsync(100, Cancellation);
        var batch = await Store.Work.ClaimAsync(Node, 4, 0, [TestJobs.Service], Cancellation);
        attempts += batch.Tasks.Count;
        foreach (var task in batch.Tasks)
        {
            await Store.Work.ApplyAsync(
                Node, [poison.Contains(task.Job.Key) || bad?.Contains(task.Key) == true ? Broken(task) : Done(task)], Cancellation);
        }
    }

    private static AttemptResult Broken(ClaimedTask task) =>
        Ended(task, task.Attempt < task.Job.MaxAttempts ? TaskEvent.RetryLater : TaskEvent.Fail) with
        {
            ErrorKind = ErrorKind.Connection,
            Call = CallReport.None,
        };

    private async Task<bool> AreOverAsync(IReadOnlyCollection<EnqueuedJob> jobs) =>
        (await Store.Read.FindJobsAsync([.. jobs.Select(job => job.Key)], Cancellation)).All(job => JobStateMachine.IsTerminal(job.State));
}
