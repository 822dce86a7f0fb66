using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies.Failures;
using StashAI.Sdk;
using StashAI.Storage.Jobs;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Lists of jobs with every filter, and what jobs are found by.</summary>
public abstract class JobListContract(IStoreHost host) : StoreContract(host)
{
    [Fact]
    public async Task A_job_keeps_its_tags_its_owner_and_the_job_that_it_repeats()
    {
        var first = await EnqueueAsync(1, TestJobs.Job with { Tags = ["summer", "Ålesund", "summer"], Owner = "laptop" });
        var second = await EnqueueAsync(1, TestJobs.Job with { SourceJob = first.JobId });

        var (labelled, plain) = (await JobAsync(first), await JobAsync(second));

        Assert.Equal(["summer", "Ålesund"], labelled.Tags);
        Assert.Equal(("laptop", (Guid?)null, TestJobs.Job.MaxParallel), (labelled.Owner, labelled.SourceJob, labelled.MaxParallel));
        Assert.Equal((null, (Guid?)first.JobId), (plain.Owner, plain.SourceJob));
        Assert.Empty(plain.Tags);
    }

    [Fact]
    public async Task Queries_agree_with_the_jobs_whichever_way_they_are_read()
    {
        await FillAsync();
        var all = new List<JobView>();
        foreach (var job in (await Store.Read.ListJobsAsync(new JobFilter([], null, 100, 0), Cancellation)).Jobs)
            all.Add((await Store.Read.FindJobAsync(job.JobId, Cancellation))!);
        var fingerprint = Failure.Of(ErrorKind.Rejected, 422, "item 7 is bad").Fingerprint;
        var middle = all[20];
        JobQuery[] queries =
        [
            .. from one in Parts(fingerprint, middle) from other in Parts(fingerprint, middle) from order in Enum.GetValues<JobOrder>()
               select Both(one, other) with { Order = order },
        ];
        foreach (var query in queries)
        {
            var expected = all.Where(job => Matches(job, query, fingerprint));
            var sorted = query.Order switch
            {
                JobOrder.MostFailed => expected.Where(job => job.Counters.Failed > 0).OrderByDescending(job => job.Counters.Failed)
                    .ThenByDescending(job => job.Key),
                JobOrder.MostUrgent => expected.Where(job => !JobStateMachine.IsTerminal(job.State)).OrderByDescending(job => job.Priority)
                    .ThenByDescending(job => job.Key),
                JobOrder.Oldest => expected.OrderBy(job => job.Key),
                JobOrder.Furthest => expected.Where(job => job.State == JobState.Running).OrderByDescending(Millionths)
                    .ThenByDescending(job => job.Key),
                JobOrder.ByName => expected.Where(job => job.Name.Length > 0)
                    .OrderBy(job => job.Name.ToLowerInvariant(), StringComparer.Ordinal).ThenBy(job => job.Key),
                _ => expected.OrderByDescending(job => job.Key),
            };
            var keys = sorted.Select(job => job.Key).ToList();
            var found = new List<long>();
            JobPlace? next = null;
            do
            {
                var page = await Store.Read.QueryJobsAsync(query with { After = next }, Cancellation);
                Assert.Equal((keys.Count, true), (page.Total, page.IsTotalExact));
                Assert.InRange(page.Jobs.Count, 0, query.Limit);
                found.AddRange(page.Jobs.Select(job => job.Key));
                next = page.Next;
            }
            while (next is not null);
            Assert.Equal(keys, found);
        }
    }

    [Fact]
    public async Task Queries_of_tasks_agree_with_the_tasks_whichever_way_they_are_read()
    {
        await FillAsync();
        var jobs = (await Store.Read.ListJobsAsync(new JobFilter([], null, 100, 0), Cancellation)).Jobs;
        var fingerprint = Failure.Of(ErrorKind.Rejected, 422, "item 7 is bad").Fingerprint;
        var all = new List<(JobView Job, TaskView Task)>();
        foreach (var job in jobs)
            all.AddRange((await Store.Read.ListTasksAsync(job.Key, 0, 100, false, Cancellation)).Select(task => (job, task)));
        TaskState[][] states = [[], [TaskState.Failed], [TaskState.Available, TaskState.Running], [TaskState.Cancelled]];
        var queries = from state in states
                      from service in (string?[])[null, "other", "none"]
                      from print in (long?[])[null, fingerprint, 1]
                      from attempts in new[] { 0, 1 }
                      from job in new[] { null, jobs[^1], jobs[^2], jobs[^3] }
                      from text in job is null ? [null] : (string?[])[null, "IS BAD", "nothing"]
                      where job is null || service is null
                      select new TaskQuery
                      {
                          JobKey = job?.Key,
                          States = state,
                          Service = service,
                          Fingerprint = print,
                          LeastAttempts = attempts,
                          Text = text,
                          Limit = 2,
                      };
        foreach (var query in queries)
        {
            var expected = all.Where(one => (query.JobKey is null || one.Job.Key == query.JobKey) && query.Wants(one.Task.State)
                && (query.Service is null || one.Job.Service == query.Service)
                && (query.Fingerprint is null || (query.Fingerprint == fingerprint && one.Task.ErrorKind == ErrorKind.Rejected))
                && one.Task.Attempt >= query.LeastAttempts
                && (query.Text is null || one.Task.ErrorMessage?.Contains(query.Text, StringComparison.OrdinalIgnoreCase) == true))
                    .Select(one => one.Task.Key);
            var keys = (query.JobKey is null ? expected.OrderDescending() : expected.Order()).ToList();
            var found = new List<long>();
            long? next = null;
            do
            {
                var page = await Store.Read.QueryTasksAsync(query with { After = next }, Cancellation);
                if (page.IsTotalExact) Assert.Equal(keys.Count, page.Total);
                found.AddRange(page.Tasks.Select(task => task.Key));
                next = page.Next;
            }
            while (next is not null);
            Assert.Equal(keys, found);
        }
    }

    [Fact]
    public async Task A_read_looks_at_so_many_tasks_at_most_and_the_next_page_goes_on_below()
    {
        var old = await EnqueueAsync(2);
        var large = await EnqueueAsync(TaskListing.MaxExamined + 10);
        foreach (var task in await ClaimAsync(5)) await ApplyAsync(Ended(task, TaskEvent.Fail));
        var none = new TaskQuery { LeastAttempts = 9, Limit = 5 };
        var failed = new TaskQuery { States = [TaskState.Failed], Limit = 50 };

        var page = await Store.Read.QueryTasksAsync(none, Cancellation);
        Assert.Equal((0, TaskKey.From(large.Key, 10), false), (page.Tasks.Count, page.Next, page.IsTotalExact));
        page = await Store.Read.QueryTasksAsync(none with { After = page.Next }, Cancellation);
        Assert.Equal((0, null), (page.Tasks.Count, page.Next));

        var found = new List<long>();
        long? next = null;
        var pages = 0;
        for (; pages == 0 || next is not null; pages++)
        {
            page = await Store.Read.QueryTasksAsync(failed with { After = next }, Cancellation);
            found.AddRange(page.Tasks.Select(task => task.Key));
            next = page.Next;
        }

        Assert.Equal((5, 2), (found.Count, pages));
        Assert.Equal(found.OrderDescending(), found);
        Assert.All(found, key => Assert.Contains(TaskKey.JobOf(key), new[] { old.Key, large.Key }));
    }

    [Fact]
    public async Task A_query_that_counts_answers_from_counters_and_has_no_jobs()
    {
        await FillAsync();
        foreach (var query in (JobQuery[])[new() { Limit = 9 }, new() { Limit = 9, States = [JobState.Pending] },
            new() { Limit = 9, Tag = "a" }])
        {
            var full = await Store.Read.QueryJobsAsync(query with { Limit = 1000 }, Cancellation);
            var counted = await Store.Read.QueryJobsAsync(query.Counting(), Cancellation);
            Assert.Equal((full.Jobs.Count, true, 0), (counted.Total, counted.IsTotalExact, counted.Jobs.Count));
        }
    }

    [Fact]
    public async Task A_job_is_changed_while_it_runs_and_is_found_by_its_new_tags_alone()
    {
        var job = await EnqueueAsync(3, TestJobs.Job with { Tags = ["old"], Owner = "laptop", Name = "first" });
        await ClaimOneAsync();
        var before = await JobAsync(job);
        var deadline = Clock.GetUtcNow().AddHours(1);

        var changes = await Store.Control.ChangeJobAsync(
            job.Key,
            new JobPatch { Name = "second", Tags = ["new", "a"], Priority = 9, MaxParallel = 2, SetsDeadline = true, Deadline = deadline },
            Cancellation);
        Host.Verify();

        var after = await JobAsync(job);
        Assert.Equal(["a", "new"], after.Tags);
        Assert.Equal(
            ("second", 9, 2, (DateTimeOffset?)deadline, "laptop"),
            (after.Name, after.Priority, after.MaxParallel, after.Deadline, after.Owner));
        Assert.Equal((job.Key, after.Version), (Assert.Single(changes.Jobs).Key, changes.Jobs[0].Version));
        Assert.Equal(before.Version + 1, after.Version);
        var other = await EnqueueAsync(1, TestJobs.Job with { Name = "Gamma" });
        var named = await Store.Read.QueryJobsAsync(new JobQuery { Order = JobOrder.ByName, Limit = 5 }, Cancellation);
        Assert.Equal([other.Key, job.Key], named.Jobs.Select(one => one.Key));
        await Store.Control.CancelJobAsync(other.Key, Cancellation);
        Assert.Single((await Store.Read.QueryJobsAsync(new JobQuery { Tag = "new", Limit = 5 }, Cancellation)).Jobs);
        Assert.Empty((await Store.Read.QueryJobsAsync(new JobQuery { Tag = "old", Limit = 5 }, Cancellation)).Jobs);

        await Store.Control.ChangeJobAsync(
            job.Key, new JobPatch { SetsDeadline = true, MaxParallel = int.MaxValue, Tags = [] }, Cancellation);
        var last = await JobAsync(job);
        Assert.Equal(("second", int.MaxValue, null), (last.Name, last.MaxParallel, last.Deadline));
        Assert.Equal(2, (await ClaimAsync(5)).Count);
        Assert.True((await Store.Control.ChangeJobAsync(long.MaxValue >> 24, new JobPatch { Name = "x" }, Cancellation)).IsEmpty);
    }

    [Fact]
    public async Task A_job_that_is_over_is_removed_with_all_that_belongs_to_it()
    {
        var job = await EnqueueAsync(2, TestJobs.Job with { Tags = ["t"], Owner = "laptop" });
        var tasks = await ClaimAsync(2);
        await ApplyAsync(Ended(tasks[0], TaskEvent.Fail));
        Assert.False(await Store.Control.RemoveJobAsync(job.Key, Cancellation));
        await ApplyAsync(Done(tasks[1]));

        Assert.True(await Store.Control.RemoveJobAsync(job.Key, Cancellation));
        Host.Verify();

        Assert.Null(await Store.Read.FindJobAsync(job.JobId, Cancellation));
        JobQuery[] queries =
        [
            new() { Limit = 5 }, new() { Tag = "t", Limit = 5 }, new() { Owner = "laptop", Limit = 5 },
            new() { ErrorKind = ErrorKind.ServiceError, Limit = 5 }, new() { ErrorPart = "no", Limit = 5 },
        ];
        foreach (var query in queries) Assert.Empty((await Store.Read.QueryJobsAsync(query, Cancellation)).Jobs);
        Assert.False(await Store.Control.RemoveJobAsync(job.Key, Cancellation));
        while (await Store.Maintain.RemoveUnreferencedAsync(10, Cancellation) > 0) Host.Verify();
    }

    private async Task FillAsync()
    {
        for (var i = 0; i < 40; i++)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            await EnqueueAsync(1 + (i % 3), TestJobs.Job with
            {
                Name = i % 2 == 0 ? $"Summer {i}" : "",
                Service = i % 7 == 0 ? "other" : TestJobs.Service,
                TaskType = i % 5 == 0 ? "translate" : TestJobs.Job.TaskType,
                Tags = i % 4 == 0 ? ["even", "four"] : i % 2 == 0 ? ["even"] : [],
                Owner = i % 3 == 0 ? "laptop" : null,
                Priority = i % 10,
                IsSingleTask = i % 3 == 0,
            });
        }

        var count = 0;
        foreach (var task in await ClaimAsync(45))
        {
            count++;
            AttemptResult? result = (count % 4) switch
            {
                0 => Done(task),
                1 => Ended(task, TaskEvent.Fail) with
                {
                    ErrorKind = ErrorKind.Rejected,
                    Call = new CallReport(422, ""),
                    ErrorMessage = $"item {count} is bad",
                },
                2 => Ended(task, TaskEvent.Fail) with { ErrorKind = ErrorKind.InvalidAnswer, ErrorMessage = "No JSON" },
                _ => null,
            };
            if (result is not null) await ApplyAsync(result);
        }

        var open = await Store.Read.ListJobsAsync(new JobFilter([JobState.Running], null, 3, 0), Cancellation);
        foreach (var job in open.Jobs) await Store.Control.PauseJobAsync(job.Key, true, Cancellation);
    }

    private static IEnumerable<JobQuery> Parts(long fingerprint, JobView middle)
    {
        var hex = $"{middle.JobId:N}";
        var plain = new JobQuery { Limit = 4 };
        yield return plain;
        yield return plain with { States = [JobState.Running, JobState.Partial] };
        yield return plain with { Service = "other" };
        yield return plain with { TaskTypes = ["translate", "none"] };
        yield return plain with { NamePart = "SUMMER 1" };
        yield return plain with { Tag = "four" };
        yield return plain with { Owner = "laptop" };
        yield return plain with { IsPaused = true };
        yield return plain with { Fingerprint = fingerprint };
        yield return plain with { ErrorKind = ErrorKind.InvalidAnswer };
        yield return plain with { ErrorPart = "no json" };
        yield return plain with { CreatedAfter = middle.CreatedAt };
        yield return plain with { CreatedBefore = middle.CreatedAt };
        yield return plain with { Ids = (Guid.Parse(hex[..20].PadRight(32, '0')), Guid.Parse(hex[..20].PadRight(32, 'f'))) };
        yield return plain with { Ids = (Guid.Parse(hex[..4].PadRight(32, '0')), Guid.Parse(hex[..4].PadRight(32, 'f'))) };
    }

    private static long Millionths(JobView job) => job.Counters.Ended * 1_000_000L / Math.Max(1, job.Counters.Total);

    private static JobQuery Both(JobQuery one, JobQuery other) => one with
    {
        States = other.States.Count > 0 ? other.States : one.States,
        Service = other.Service ?? one.Service,
        TaskTypes = other.TaskTypes.Count > 0 ? other.TaskTypes : one.TaskTypes,
        NamePart = other.NamePart ?? one.NamePart,
        Tag = other.Tag ?? one.Tag,
        Owner = other.Owner ?? one.Owner,
        IsPaused = other.IsPaused ?? one.IsPaused,
        Fingerprint = other.Fingerprint ?? one.Fingerprint,
        ErrorKind = other.ErrorKind ?? one.ErrorKind,
        ErrorPart = other.ErrorPart ?? one.ErrorPart,
        CreatedAfter = other.CreatedAfter ?? one.CreatedAfter,
        CreatedBefore = other.CreatedBefore ?? one.CreatedBefore,
        Ids = other.Ids ?? one.Ids,
    };

    private static bool Matches(JobView job, JobQuery query, long fingerprint) =>
        (query.States.Count == 0 || query.States.Contains(job.State))
        && (query.Service is null || job.Service == query.Service)
        && (query.TaskTypes.Count == 0 || query.TaskTypes.Contains(job.TaskType))
        && (query.NamePart is null || job.Name.Contains(query.NamePart, StringComparison.OrdinalIgnoreCase))
        && (query.Tag is null || job.Tags.Contains(query.Tag))
        && (query.Owner is null || job.Owner == query.Owner)
        && (query.IsPaused is null || job.IsPaused == query.IsPaused)
        && (query.Fingerprint is null || job.Errors.Any(error => error.Kind == ErrorKind.Rejected && query.Fingerprint == fingerprint))
        && (query.ErrorKind is null || job.Errors.Any(error => error.Kind == query.ErrorKind))
        && (query.ErrorPart is null || job.Errors.Any(error =>
            error.Example!.Contains(query.ErrorPart, StringComparison.OrdinalIgnoreCase)))
        && (query.CreatedAfter is null || job.CreatedAt > query.CreatedAfter)
        && (query.CreatedBefore is null || job.CreatedAt < query.CreatedBefore)
        && (query.Ids is null || (string.CompareOrdinal($"{job.JobId:N}", $"{query.Ids.Value.First:N}") >= 0
            && string.CompareOrdinal($"{job.JobId:N}", $"{query.Ids.Value.Last:N}") <= 0));
}
