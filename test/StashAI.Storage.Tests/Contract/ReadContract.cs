using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Lists, pages, totals and versions.</summary>
public abstract class ReadContract(IStoreHost host) : StoreContract(host)
{
    [Fact]
    public async Task Depths_say_what_is_open_and_since_when_the_next_in_line_waits()
    {
        Assert.Empty(await Store.Read.ReadDepthsAsync(Cancellation));
        var first = Clock.GetUtcNow();
        await EnqueueAsync(4, TestJobs.Job with { Priority = 2 });
        Clock.Advance(TimeSpan.FromSeconds(10));
        await EnqueueAsync(2, TestJobs.Job with { Priority = 7 });
        await EnqueueAsync(1, TestJobs.Job with { Service = "other", StartAt = Clock.GetUtcNow().AddHours(1) });
        var tasks = await ClaimAsync(3);
        await ApplyAsync(Done(tasks[0]));
        await ApplyAsync(Ended(tasks[1], TaskEvent.RetryLater, 60));

        Assert.Equal(
            [new ServiceDepth(TestJobs.Service, 3, 1, 1, first), new ServiceDepth("other", 0, 1, 0, null)],
            await Store.Read.ReadDepthsAsync(Cancellation));
    }

    [Fact]
    public async Task A_job_is_read_as_it_was_submitted()
    {
        var submitted = TestJobs.Job with
        {
            Name = "Ärger & \"quotes\"",
            UserId = "u1",
            SessionId = "s1",
            Priority = 7,
            MaxAttempts = 2,
            Config = "{\"a\":[1]}"u8.ToArray(),
            IsSingleTask = true,
        };
        var job = await EnqueueAsync(1, submitted);

        var view = (await Store.Read.FindJobAsync(job.JobId, Cancellation))!;

        Assert.Equal(
            (job.Key, job.JobId, JobState.Pending, new JobCounters(1, 1, 0, 0, 0, 0, 0)),
            (view.Key, view.JobId, view.State, view.Counters));
        Assert.Equal(("echo", "echo_batch", "echo", submitted.Name), (view.Service, view.JobType, view.TaskType, view.Name));
        Assert.Equal(("u1", "s1", 7, 2, true), (view.UserId, view.SessionId, view.Priority, view.MaxAttempts, view.IsSingleTask));
        Assert.Equal(submitted.Config.ToArray(), view.Config.ToArray());
        Assert.Equal((Clock.GetUtcNow(), Clock.GetUtcNow()), (view.CreatedAt, view.UpdatedAt));
        Assert.Equal(((DateTimeOffset?)null, (DateTimeOffset?)null), (view.StartedAt, view.FinishedAt));
        Assert.Null(await Store.Read.FindJobAsync(Guid.NewGuid(), Cancellation));
        Assert.Equal([job.Key], (await Store.Read.FindJobsAsync([job.Key, 99], Cancellation)).Select(found => found.Key));
        Assert.Equal((job.JobId, 0), TaskKey.Parse(TaskKey.TaskId(job.JobId, 0)));
    }

    [Fact]
    public async Task Tasks_are_read_with_their_results_and_their_jobs_at_once()
    {
        var (first, second) = (await EnqueueAsync(2, TestJobs.Job), await EnqueueAsync(1, TestJobs.Job));
        var done = (await ClaimAsync(1))[0];
        await ApplyAsync(Done(done));
        long[] keys = [TaskKey.From(second.Key, 0), TaskKey.From(first.Key, 0), TaskKey.From(first.Key, 1), TaskKey.From(99, 0)];

        var (tasks, jobs) = await Store.Read.FindTasksWithJobsAsync(keys, Cancellation);

        Assert.Equal(keys[..3], tasks.Select(task => task.Key));
        Assert.Equal(done.Key, Assert.Single(tasks, task => task.State == TaskState.Completed).Key);
        Assert.Equal(Done(done).Output.ToArray(), tasks.Single(task => task.Key == done.Key).Output.ToArray());
        Assert.Equal([second.Key, first.Key], jobs.Select(job => job.Key));
        Assert.Equal(1, jobs.Sum(job => job.Counters.Completed));
    }

    [Fact]
    public async Task Jobs_are_listed_newest_first_by_pages_with_their_count()
    {
        var jobs = new List<long>();
        for (var i = 0; i < 7; i++) jobs.Add((await EnqueueAsync(1, TestJobs.Job with { IsSingleTask = i % 3 == 1 })).Key);
        jobs.Reverse();

        var first = await ListAsync(limit: 3);
        var last = await ListAsync(limit: 3, offset: 6);

        Assert.Equal(jobs.Take(3), first.Jobs.Select(job => job.Key));
        Assert.Equal((7, true), (first.TotalCount, first.HasMore));
        Assert.Equal([jobs[6]], last.Jobs.Select(job => job.Key));
        Assert.Equal((7, false), (last.TotalCount, last.HasMore));
        Assert.False((await ListAsync(limit: 7)).HasMore);
        Assert.Empty((await ListAsync(limit: 3, offset: 100)).Jobs);
    }

    [Fact]
    public async Task Filters_by_state_and_service_agree_with_their_counts()
    {
        for (var i = 0; i < 12; i++)
            await EnqueueAsync(1, TestJobs.Job with { Service = i % 3 == 0 ? "other" : TestJobs.Service, IsSingleTask = i % 4 == 1 });
        foreach (var task in await ClaimAsync(9))
        {
            await ApplyAsync(TaskKey.JobOf(task.Key) % 2 == 0 ? Done(task) : Ended(task, TaskEvent.Fail));
        }

        var all = (await ListAsync(limit: 100)).Jobs;

        JobState[][] filters =
            [[], [JobState.Pending], [JobState.Completed, JobState.Failed], [JobState.Failed, JobState.Failed], [JobState.Cancelled]];
        var asked =
            from name in (string?[])[null, "echo", "other", "unknown"]
            from only in (bool[])[false, true]
            select (name, only);
        foreach (var states in filters)
        {
            foreach (var (service, onlyBatches) in asked)
            {
                var expected = all.Where(
                    job => (states.Length == 0 || states.Contains(job.State)) && (service is null || job.Service == service)
                        && !(onlyBatches && job.IsSingleTask)).Select(job => job.Key).ToList();
                for (var offset = 0; offset <= expected.Count; offset += 2)
                {
                    var page = await Store.Read.ListJobsAsync(new JobFilter(states, service, 2, offset, onlyBatches), Cancellation);
                    Assert.Equal(expected.Skip(offset).Take(2), page.Jobs.Select(job => job.Key));
                    Assert.Equal((expected.Count, offset + 2 < expected.Count), (page.TotalCount, page.HasMore));
                }
            }
        }
    }

    [Fact]
    public async Task A_page_of_tasks_starts_where_it_is_asked_to()
    {
        await EnqueueAsync(3);
        var job = await EnqueueAsync(10);
        await EnqueueAsync(3);

        Assert.Equal([4, 5, 6], await PageAsync(4, 3));
        Assert.Equal([9], await PageAsync(9, 3));
        Assert.Empty(await PageAsync(10, 3));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => PageAsync(-1, 3));

        async Task<List<int>> PageAsync(int from, int limit) =>
            [.. (await Store.Read.ListTasksAsync(job.Key, from, limit, false, Cancellation)).Select(task => task.Ordinal)];
    }

    [Fact]
    public async Task A_page_with_big_results_ends_early_but_never_empty()
    {
        var job = await EnqueueAsync(4);
        var answer = $"\"{new string('x', 3 * 1024 * 1024)}\"";
        foreach (var task in await ClaimAsync(4)) await ApplyAsync(Done(task, answer));

        var page = await Store.Read.ListTasksAsync(job.Key, 0, 10, true, Cancellation);
        Assert.Equal([0, 1], page.Select(task => task.Ordinal));
        Assert.All(page, task => Assert.Equal(answer.Length, task.Output.Length));
        Assert.Equal(4, (await Store.Read.ListTasksAsync(job.Key, 0, 10, false, Cancellation)).Count);
    }

    [Fact]
    public async Task Totals_follow_every_step()
    {
        var job = await EnqueueAsync(6);
        await EnqueueAsync(2, TestJobs.Job with { Service = "other" });
        var tasks = (await Store.Work.ClaimAsync(Node, 5, 0, [TestJobs.Service], Cancellation)).Tasks;
        await ApplyAsync(Done(tasks[0]));
        await ApplyAsync(Ended(tasks[1], TaskEvent.Fail));
        await ApplyAsync(Ended(tasks[2], TaskEvent.RetryLater, 9));
        await Store.Control.CancelTaskAsync(TaskKey.From(job.Key, 5), Cancellation);

        Assert.Equal(new QueueTotals(2, 1, 2, 1, 1, 1), await Store.Read.ReadTotalsAsync(Cancellation));
        await Store.Read.PingAsync(Cancellation);
    }

    [Fact]
    public async Task Versions_are_those_of_the_views()
    {
        var job = await EnqueueAsync(2);
        var task = await ClaimOneAsync();
        await ApplyAsync(Done(task));

        var versions = await Store.Read.ReadVersionsAsync([job.Key, 99], [task.Key, 99], Cancellation);

        var view = await JobAsync(job);
        Assert.Equal([new JobChange(job.Key, job.JobId, view.Version, JobState.Running, JobState.Running)], versions.Jobs);
        Assert.Equal([new TaskChange(task.Key, 3, TaskState.Completed)], versions.Tasks);
    }

    private Task<JobPage> ListAsync(int limit, int offset = 0) =>
        Store.Read.ListJobsAsync(new JobFilter([], null, limit, offset), Cancellation);
}
