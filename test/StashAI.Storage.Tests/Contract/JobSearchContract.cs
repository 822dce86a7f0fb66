using StashAI.Queue.Model.Jobs;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Pages of jobs by user, session and name.</summary>
public abstract class JobSearchContract(IStoreHost host) : StoreContract(host)
{
    private static readonly string Long = new('u', 5000);

    private static readonly string?[] Users = [null, "ann", "Ann", "ann'; --", $"{Long}1", $"{Long}2"];

    private static readonly string?[] Sessions = [null, "s1", "s2"];

    [Fact]
    public async Task Filters_agree_with_the_jobs_whichever_way_their_pages_are_read()
    {
        string[] names = ["Summer in Ålesund", "summer 100%", "", "WINTER_2", "winter 2"];
        for (var i = 0; i < 60; i++)
        {
            await EnqueueAsync(1, TestJobs.Job with
            {
                UserId = Users[i % Users.Length],
                SessionId = Sessions[i / 2 % Sessions.Length],
                Name = names[i % names.Length],
                Service = i % 7 == 0 ? "other" : TestJobs.Service,
                IsSingleTask = i % 4 == 1,
            });
        }

        foreach (var task in await ClaimAsync(9)) await ApplyAsync(Done(task));
        var all = (await Store.Read.ListJobsAsync(new JobFilter([], null, 100, 0), Cancellation)).Jobs;
        JobState[][] states = [[], [JobState.Completed], [JobState.Pending, JobState.Failed]];
        var filters = from user in Users.Append("nobody")
                      from session in Sessions.Append("none")
                      from name in (string?[])[null, "SUMMER", "ålesund", "0%", "r_2", "autumn"]
                      from state in states
                      from service in (string?[])[null, "other"]
                      select new JobFilter(state, service, 3, 0, OnlyBatches: state.Length == 1)
                      {
                          UserId = user,
                          SessionId = session,
                          NamePart = name,
                      };
        foreach (var filter in filters)
        {
            var expected = all.Where(job => (filter.UserId is null || job.UserId == filter.UserId)
                && (filter.SessionId is null || job.SessionId == filter.SessionId)
                && (filter.NamePart is null || job.Name.Contains(filter.NamePart, StringComparison.OrdinalIgnoreCase))
                && (filter.Service is null || job.Service == filter.Service)
                && (filter.States.Count == 0 || filter.States.Contains(job.State))
                && !(filter.OnlyBatches && job.IsSingleTask)).Select(job => job.Key).ToList();
            Assert.Equal(expected, await WalkAsync(filter, page => filter with { Before = page.Next }, expected.Count));
            Assert.Equal(expected, await WalkAsync(filter, page => filter with { Offset = filter.Offset + 3 }, expected.Count));
        }

        async Task<List<long>> WalkAsync(JobFilter filter, Func<JobPage, JobFilter> next, int count)
        {
            var found = new List<long>();
            while (true)
            {
                var page = await Store.Read.ListJobsAsync(filter with { }, Cancellation);
                found.AddRange(page.Jobs.Select(job => job.Key));
                Assert.Equal((count, true, page.Next is not null), (page.TotalCount, page.IsTotalExact, page.HasMore));
                if (!page.HasMore) return found;
                Assert.Equal(3, page.Jobs.Count);
                filter = next(page) with { Offset = next(page).Before is null ? found.Count : 0 };
            }
        }
    }

    [Fact]
    public async Task Jobs_that_come_between_two_pages_move_nothing()
    {
        var jobs = new List<long>();
        for (var i = 0; i < 5; i++) jobs.Add((await EnqueueAsync(1, TestJobs.Job with { UserId = "ann" })).Key);
        jobs.Reverse();
        var filter = new JobFilter([], null, 2, 0) { UserId = "ann" };

        var first = await Store.Read.ListJobsAsync(filter, Cancellation);
        await EnqueueAsync(1, TestJobs.Job with { UserId = "ann" });
        var second = await Store.Read.ListJobsAsync(filter with { Before = first.Next }, Cancellation);

        Assert.Equal(jobs.Take(4), first.Jobs.Concat(second.Jobs).Select(job => job.Key));
        Assert.Equal(6, second.TotalCount);
    }
}
