using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Sdk;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>
/// Some hundred jobs with names that a pattern or a quotation would break, many of them made at the same instant, and generated
/// combinations of filters, each walked page by page to its end and compared with a model.
/// </summary>
public abstract class GeneratedListContract(IStoreHost host) : StoreContract(host)
{
    private const int Jobs = 240;
    private const int Queries = 100;

    private static readonly string[] Words =
    [
        "100%", "a_b", "axb", "'; DROP", "\"quoted\"", "back\\slash", "Ålesund", "ÅLESUND", "😀 photo", "straße", "%", "_", "ab", "İx",
        "?1",
    ];

    private static readonly JobState[] States =
        [.. Enum.GetValues<JobState>().Where(state => state <= JobState.Cancelled)];

    private static readonly string?[] People = ["laptop", "LAPTOP", "o'neil", "100%", "axb", "a_b", null];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Every_combination_of_filters_finds_the_jobs_of_the_model_once_each(int seed)
    {
        var random = new Random(seed);
        await FillAsync(random);
        var all = new List<JobView>();
        foreach (var job in (await Store.Read.ListJobsAsync(new JobFilter([], null, 1000, 0), Cancellation)).Jobs)
            all.Add((await Store.Read.FindJobAsync(job.JobId, Cancellation))!);
        Assert.Equal(Jobs, all.Count);
        for (var i = 0; i < Queries; i++)
        {
            var query = Generate(random, all);
            var expected = Sorted(all.Where(job => Matches(job, query)), query.Order).Select(job => job.Key).ToList();
            var found = new List<long>();
            for (JobPlace? next = null; ;)
            {
                var page = await Store.Read.QueryJobsAsync(query with { After = next }, Cancellation);
                Assert.InRange(page.Jobs.Count, 0, query.Limit);
                Assert.Equal(expected.Count, page.Total);
                found.AddRange(page.Jobs.Select(job => job.Key));
                if ((next = page.Next) is null) break;
            }

            Assert.True(expected.SequenceEqual(found), $"{query}: {string.Join(' ', expected)} instead of {string.Join(' ', found)}");
        }
    }

    [Fact]
    public async Task The_jobs_that_change_most_likely_are_the_urgent_and_the_newest()
    {
        var urgent = await EnqueueAsync(1, TestJobs.Job with { Priority = 9 });
        var old = await EnqueueAsync(1);
        await Store.Control.CancelJobAsync(old.Key, Cancellation);
        var open = await EnqueueAsync(1);
        var newest = await EnqueueAsync(1);
        await Store.Control.CancelJobAsync(newest.Key, Cancellation);
        var upload = Store.OpenUpload(Node);
        await using (upload)
        {
            upload.BeginTask();
            await upload.EndTaskAsync("{}"u8.ToArray(), Cancellation);

            var found = (await Store.Read.ReadLatestVersionsAsync(1, Cancellation)).Jobs;
            Assert.Equal([urgent.Key, newest.Key], found.Select(job => job.Key).Order());
            var all = (await Store.Read.ReadLatestVersionsAsync(9, Cancellation)).Jobs.ToDictionary(job => job.Key);
            Assert.Equal([urgent.Key, old.Key, open.Key, newest.Key], all.Keys.Order());
            var view = (await Store.Read.FindJobAsync(old.JobId, Cancellation))!;
            Assert.Equal((view.JobId, view.Version, view.State), (all[old.Key].JobId, all[old.Key].Version, all[old.Key].After));
        }
    }

    private async Task FillAsync(Random random)
    {
        for (var i = 0; i < Jobs; i++)
        {
            // Three of four jobs share their instant with another.
            if (random.Next(4) == 0) Clock.Advance(TimeSpan.FromMilliseconds(random.Next(1, 3)));
            await EnqueueAsync(random.Next(1, 3), TestJobs.Job with
            {
                Name = string.Join(' ', Enumerable.Range(0, random.Next(3)).Select(_ => Pick(random, Words))),
                Service = Pick(random, ["echo", "other", "o'ther"]),
                TaskType = Pick(random, ["echo", "translate"]),
                Tags = [.. Words.Where(_ => random.Next(6) == 0).Distinct()],
                Owner = Pick(random, People),
                UserId = Pick(random, People),
                SessionId = Pick(random, People),
                Priority = random.Next(10),
            });
        }

        foreach (var task in await ClaimAsync(150))
        {
            if (random.Next(3) == 0) continue;
            await ApplyAsync(random.Next(2) == 0 ? Done(task) : Ended(task, TaskEvent.Fail) with
            {
                ErrorKind = Pick(random, [ErrorKind.Rejected, ErrorKind.InvalidAnswer]),
                ErrorMessage = Pick(random, Words),
            });
        }

        foreach (var job in (await Store.Read.ListJobsAsync(new JobFilter([], null, 1000, 0), Cancellation)).Jobs)
        {
            if (random.Next(10) == 0) await Store.Control.CancelJobAsync(job.Key, Cancellation);
            else if (random.Next(10) == 0) await Store.Control.PauseJobAsync(job.Key, true, Cancellation);
        }
    }

    private static JobQuery Generate(Random random, List<JobView> all)
    {
        var query = new JobQuery { Limit = Pick(random, [2, 7, 40, 1000]), Order = Pick(random, Enum.GetValues<JobOrder>()) };
        for (var filters = random.Next(5); filters > 0; filters--)
        {
            var one = all[random.Next(all.Count)];
            var hex = $"{one.JobId:N}";
            var length = random.Next(1, 33);
            query = random.Next(13) switch
            {
                0 => query with { States = [.. States.Where(_ => random.Next(2) == 0)] },
                1 => query with { Service = one.Service },
                2 => query with { TaskTypes = [one.TaskType, "none"] },
                3 => query with { NamePart = Pick(random, [.. Words, "L", "x ", "zz"]) },
                4 => query with { Tag = Pick(random, Words) },
                5 => query with { Owner = one.Owner },
                6 => query with { UserId = one.UserId },
                7 => query with { SessionId = one.SessionId },
                8 => query with { IsPaused = random.Next(2) == 0 },
                9 => query with { ErrorKind = Pick(random, [ErrorKind.Rejected, ErrorKind.InvalidAnswer, ErrorKind.Timeout]) },
                10 => query with { CreatedAfter = one.CreatedAt },
                11 => query with { CreatedBefore = one.CreatedAt },
                _ => query with
                {
                    Ids = (Guid.Parse(hex[..length].PadRight(32, '0')), Guid.Parse(hex[..length].PadRight(32, 'f'))),
                },
            };
        }

        return query;
    }

    private static IEnumerable<JobView> Sorted(IEnumerable<JobView> jobs, JobOrder order) => order switch
    {
        JobOrder.MostFailed => jobs.Where(job => job.Counters.Failed > 0).OrderByDescending(job => job.Counters.Failed)
            .ThenByDescending(job => job.Key),
        JobOrder.MostUrgent => jobs.Where(job => !JobStateMachine.IsTerminal(job.State)).OrderByDescending(job => job.Priority)
            .ThenByDescending(job => job.Key),
        JobOrder.Oldest => jobs.OrderBy(job => job.Key),
        JobOrder.Furthest => jobs.Where(job => job.State == JobState.Running)
            .OrderByDescending(job => job.Counters.Ended * 1_000_000L / Math.Max(1, job.Counters.Total)).ThenByDescending(job => job.Key),
        JobOrder.ByName => jobs.Where(job => job.Name.Length > 0)
            .OrderBy(job => job.Name.ToLowerInvariant(), StringComparer.Ordinal).ThenBy(job => job.Key),
        _ => jobs.OrderByDescending(job => job.Key),
    };

    private static bool Matches(JobView job, JobQuery query) =>
        (query.States.Count == 0 || query.States.Contains(job.State))
        && (query.Service is null || job.Service == query.Service)
        && (query.TaskTypes.Count == 0 || query.TaskTypes.Contains(job.TaskType))
        && (query.NamePart is null || job.Name.Contains(query.NamePart, StringComparison.OrdinalIgnoreCase))
        && (query.Tag is null || job.Tags.Contains(query.Tag))
        && (query.Owner is null || job.Owner == query.Owner)
        && (query.UserId is null || job.UserId == query.UserId)
        && (query.SessionId is null || job.SessionId == query.SessionId)
        && (query.IsPaused is null || job.IsPaused == query.IsPaused)
        && (query.ErrorKind is null || job.Errors.Any(error => error.Kind == query.ErrorKind))
        && (query.CreatedAfter is null || job.CreatedAt > query.CreatedAfter)
        && (query.CreatedBefore is null || job.CreatedAt < query.CreatedBefore)
        && (query.Ids is null || (string.CompareOrdinal($"{job.JobId:N}", $"{query.Ids.Value.First:N}") >= 0
            && string.CompareOrdinal($"{job.JobId:N}", $"{query.Ids.Value.Last:N}") <= 0));

    private static T Pick<T>(Random random, IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];
}
