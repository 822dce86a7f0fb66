using System.Text;
using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Rematches;
using StashAI.Queue.Model.Subjects;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Sdk;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>
/// What results show is stored with them, only once and only if they are, and goes with them. Generated jobs, rematches, removals and old
/// results are compared with a model.
/// </summary>
public abstract class SubjectContract(IStoreHost host) : StoreContract(host)
{
    private static readonly string[] People =
        ["ann", "ben", "cem", "'; DROP", "Ålesund", "😀", "100%", new string('x', IResultSubjects.MaxIdLength), "ann ", "ANN"];

    [Fact]
    public async Task Only_the_outcome_that_is_recorded_is_found_by_what_it_shows()
    {
        var job = await EnqueueAsync(2);
        var stale = await ClaimOneAsync();
        await ApplyAsync(Ended(stale, TaskEvent.Release));
        var task = await ClaimOneAsync();
        var stranger = Store.Nodes.Register("second", Lease);

        await ApplyAsync(Shows(stale, ("ann", 0.9)));
        await ApplyAsync(Shows(task, ("ann", 0.9)), stranger);
        Assert.Empty((await ListAsync("ann")).Tasks);

        var applied = await Store.Work.ApplyAsync(
            Node, [Shows(task, ("ann", 0.5), ("ben", 0.25)), Shows(task, ("cem", 0.75)), Ended(task, TaskEvent.Fail)], Cancellation);
        Assert.Equal([ApplyStatus.Applied, ApplyStatus.AlreadyApplied, ApplyStatus.AlreadyApplied], applied.Statuses);
        Assert.Equal(ApplyStatus.AlreadyApplied, await ApplyAsync(Shows(task, ("cem", 0.75))));

        var found = Assert.Single((await ListAsync("ann")).Tasks);
        Assert.Equal(
            (task.Key, job.JobId, "a job", 0.5, TaskState.Completed, """{"n":1}"""),
            (found.Task.Key, found.JobId, found.JobName, found.Score, found.Task.State, Encoding.UTF8.GetString(found.Task.Output.Span)));
        Assert.Empty((await ListAsync("cem")).Tasks);
        Assert.Equal([new JobSubject("ben", 1, 0.25), new JobSubject("ann", 1, 0.5)], await OfJobAsync(job, 100));
    }

    [Fact]
    public async Task A_rematch_that_is_not_stored_changes_nothing()
    {
        var job = await EnqueueAsync(1);
        var task = await ClaimOneAsync();
        await ApplyAsync(Shows(task, ("ann", 0.5)));
        var progress = (await Store.Rematches.BeginRematchAsync(job.Key, Operation(7), Cancellation)).Progress!;
        await Store.Rematches.BeginRematchAsync(job.Key, Operation(8), Cancellation);

        var saved = await Store.Rematches.SaveRematchAsync(
            0, progress with { Next = 1 }, [new JudgedResult(task.Key, default, "{}"u8.ToArray(), [])], Cancellation);

        Assert.Null(saved);
        Assert.Single((await ListAsync("ann")).Tasks);
    }

    [Fact]
    public async Task Old_results_are_read_once_in_steps_and_not_over_newer_ones()
    {
        const int Tasks = 150;
        var job = await EnqueueAsync(Tasks);
        var tasks = new List<ClaimedTask>();
        while (tasks.Count < Tasks) tasks.AddRange(await ClaimAsync(Tasks));
        var open = await EnqueueAsync(2);
        await Store.Work.ApplyAsync(Node, [.. tasks.Select(task => Shows(task, ("ann", 0.5)))], Cancellation);
        Host.ForgetSubjects(job.Key);
        Host.ForgetSubjects(open.Key);
        var other = await OpenAnotherAsync();

        var first = (await Store.Subjects.FindBacklogAsync(Cancellation))!.Value;
        Assert.Equal((job.Key, 0), (first.JobKey, first.Next));
        var read = await Store.Subjects.ReadUnindexedAsync(first, Cancellation);
        Assert.Equal(Enumerable.Range(0, read.Count), read.Select(result => TaskKey.OrdinalOf(result.TaskKey)));
        Assert.InRange(read.Count, 1, Tasks - 1);
        // A rematch between the read and the write of a step: its result is newer.
        var progress = (await Store.Rematches.BeginRematchAsync(job.Key, Operation(1), Cancellation)).Progress!;
        var judged = new JudgedResult(read[0].TaskKey, read[0].Output, """{"n":2}"""u8.ToArray(), [new("ben", 1)]);
        Assert.NotNull(await Store.Rematches.SaveRematchAsync(0, progress with { Next = 1, Done = 1 }, [judged], Cancellation));
        List<IndexedResult> indexed = [.. read.Select(result => new IndexedResult(result.TaskKey, result.Version, [new("cem", 0.25)]))];
        Assert.True(await Store.Subjects.SaveIndexedAsync(first, read.Count, indexed, Cancellation));
        Assert.False(await other.Subjects.SaveIndexedAsync(first, read.Count, indexed, Cancellation));
        Host.Verify();

        Assert.Equal(read.Count - 1, (await ListAsync("cem")).Total);
        Assert.Equal(1, (await ListAsync("ben")).Total);
        await IndexAsync(_ => [new("cem", 0.25)]);
        Assert.Equal(Tasks - 1, (await ListAsync("cem")).Total);
        Assert.Null(await Store.Subjects.FindBacklogAsync(Cancellation));
        Assert.Equal(1, Host.CountRows()["subject_backlog"]);
        await Store.Work.ApplyAsync(Node, [.. (await ClaimAsync(2)).Select(task => Shows(task))], Cancellation);
        await IndexAsync(_ => []);
        Assert.Equal(0, Host.CountRows()["subject_backlog"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Lists_are_those_of_a_model_whatever_happens_to_jobs(int seed)
    {
        var random = new Random(seed);
        var model = new Dictionary<long, Dictionary<string, double>>();
        var jobs = new List<EnqueuedJob>();
        var operations = 0;
        for (var step = 0; step < 40; step++)
        {
            switch (random.Next(10))
            {
                case < 3:
                    jobs.Add(await EnqueueAsync(random.Next(1, 9)));
                    break;
                case < 7:
                    await RunSomeAsync(random, model);
                    break;
                case 7:
                    await RematchAsync(random, model, jobs, Operation(++operations));
                    break;
                case 8 when jobs.Count > 0:
                    var gone = jobs[random.Next(jobs.Count)];
                    if (!await Store.Control.RemoveJobAsync(gone.Key, Cancellation)) break;
                    jobs.Remove(gone);
                    foreach (var task in model.Keys.Where(task => TaskKey.JobOf(task) == gone.Key).ToList()) model.Remove(task);
                    if (random.Next(2) == 0) await Store.Maintain.RemoveUnreferencedAsync(1, Cancellation);
                    break;
                case 9 when jobs.Count > 0:
                    Host.ForgetSubjects(jobs[random.Next(jobs.Count)].Key);
                    await IndexAsync(task => Shown(model.GetValueOrDefault(task, [])));
                    // The results of jobs that have not ended are read when they have.
                    foreach (var job in jobs)
                    {
                        if (!JobStateMachine.IsTerminal((await JobAsync(job)).State)) await RunAllAsync(random, model);
                    }

                    await IndexAsync(task => Shown(model.GetValueOrDefault(task, [])));
                    break;
            }

            Host.Verify();
            if (step % 5 == 4) await CompareAsync(random, model, jobs);
        }

        foreach (var job in jobs)
        {
            await RunAllAsync(random, model);
            Assert.True(await Store.Control.RemoveJobAsync(job.Key, Cancellation));
        }

        while (await Store.Maintain.RemoveUnreferencedAsync(2, Cancellation) > 0) Host.Verify();
        Assert.Equal((0, 0, 0), ((int)Host.CountRows()["task_subjects"], (int)Host.CountRows()["job_subjects"],
            (int)Host.CountRows()["subject_backlog"]));
    }

    private static AttemptResult Shows(ClaimedTask task, params (string Subject, double Score)[] shown) =>
        Done(task, """{"n":1}""") with { Subjects = [.. shown.Select(one => new ResultSubject(one.Subject, one.Score))] };

    private static List<ResultSubject> Shown(Dictionary<string, double> shown) =>
        [.. shown.Select(one => new ResultSubject(one.Key, one.Value))];

    private static Dictionary<string, double> Generate(Random random) => Enumerable.Range(0, random.Next(4))
        .Select(_ => People[random.Next(People.Length)]).Distinct()
        .ToDictionary(person => person, _ => random.Next(3) == 0 ? random.NextDouble() : random.Next(-1, 4) / 4.0);

    private static BulkOperation Operation(long key) => new()
    {
        Key = key,
        Id = Guid.NewGuid(),
        Action = BulkAction.Rematch,
        Filter = "{}",
        Query = null,
        CreatedAt = default,
        LastJob = long.MaxValue,
    };

    private async Task RunAllAsync(Random random, Dictionary<long, Dictionary<string, double>> model)
    {
        while (await RunSomeAsync(random, model) > 0)
        {
            // Until all tasks are over.
        }
    }

    private async Task<int> RunSomeAsync(Random random, Dictionary<long, Dictionary<string, double>> model)
    {
        var results = new List<AttemptResult>();
        foreach (var task in await ClaimAsync(random.Next(1, 12)))
        {
            if (random.Next(6) == 0)
            {
                results.Add(Ended(task, TaskEvent.Fail));
                continue;
            }

            model[task.Key] = Generate(random);
            results.Add(Done(task, """{"n":1}""") with { Subjects = Shown(model[task.Key]) });
        }

        await Store.Work.ApplyAsync(Node, results, Cancellation);
        return results.Count;
    }

    private async Task RematchAsync(
        Random random, Dictionary<long, Dictionary<string, double>> model, List<EnqueuedJob> jobs, BulkOperation operation)
    {
        foreach (var job in jobs)
        {
            var start = await Store.Rematches.BeginRematchAsync(job.Key, operation, Cancellation);
            if (start.Progress is not { } progress) continue;
            var results = new List<JudgedResult>();
            foreach (var stored in await Store.Rematches.ReadResultsAsync(job.Key, 0, Cancellation))
            {
                var task = stored.TaskKey;
                if (random.Next(3) == 0) continue;
                model[task] = random.Next(3) == 0 ? model[task] : Generate(random);
                results.Add(new JudgedResult(task, stored.Recorded, """{"n":2}"""u8.ToArray(), Shown(model[task])));
            }

            Assert.NotNull(await Store.Rematches.SaveRematchAsync(0, progress with { Next = 1, IsOver = true }, results, Cancellation));
        }
    }

    private async Task IndexAsync(Func<long, List<ResultSubject>> shown)
    {
        while (await Store.Subjects.FindBacklogAsync(Cancellation) is { } backlog)
        {
            var results = await Store.Subjects.ReadUnindexedAsync(backlog, Cancellation);
            List<IndexedResult> indexed =
                [.. results.Select(result => new IndexedResult(result.TaskKey, result.Version, shown(result.TaskKey)))];
            int? next = results.Count == 0 ? null : TaskKey.OrdinalOf(results[^1].TaskKey) + 1;
            Assert.True(await Store.Subjects.SaveIndexedAsync(backlog, next, indexed, Cancellation));
            Host.Verify();
        }
    }

    private async Task CompareAsync(Random random, Dictionary<long, Dictionary<string, double>> model, List<EnqueuedJob> jobs)
    {
        foreach (var person in People)
        {
            var job = random.Next(2) == 0 || jobs.Count == 0 ? (long?)null : jobs[random.Next(jobs.Count)].Key;
            var shown = model.Where(task => task.Value.ContainsKey(person) && (job is null || TaskKey.JobOf(task.Key) == job)).ToList();
            double? least = random.Next(2) == 0 ? null : random.Next(-1, 4) / 4.0;
            var expected = shown.Where(task => least is null || task.Value[person] >= least)
                .OrderByDescending(task => task.Value[person]).ThenByDescending(task => task.Key)
                .Select(task => (task.Key, task.Value[person])).ToList();
            var found = new List<(long, double)>();
            var limit = random.Next(1, 5);
            for (SubjectPlace? after = null; ;)
            {
                var page = await Store.Subjects.ListTasksAsync(new SubjectQuery(person, job, least, after, limit), Cancellation);
                Assert.Equal((expected.Count, true), (page.Total, page.IsTotalExact));
                found.AddRange(page.Tasks.Select(task => (task.Task.Key, task.Score)));
                if (!page.HasMore) break;
                after = page.Tasks[^1].Place;
            }

            Assert.Equal(expected, found);
            var together = shown.SelectMany(task => task.Value.Keys).Where(other => other != person).CountBy(other => other)
                .OrderByDescending(one => one.Value).ThenByDescending(one => one.Key, StringComparer.Ordinal)
                .Select(one => new SubjectCount(one.Key, one.Value)).ToList();
            var others = new List<SubjectCount>();
            for (SubjectCount? after = null; ;)
            {
                var page = await Store.Subjects.ListTogetherAsync(person, job, after, limit, Cancellation);
                Assert.Equal((together.Count, true), (page.Total, page.IsTotalExact));
                others.AddRange(page.Subjects);
                if (!page.HasMore) break;
                after = page.Subjects[^1];
            }

            Assert.Equal(together, others);
        }

        foreach (var job in jobs)
        {
            var expected = model.Where(task => TaskKey.JobOf(task.Key) == job.Key).SelectMany(task => task.Value).GroupBy(one => one.Key)
                .Select(one => new JobSubject(one.Key, one.Count(), one.Max(score => score.Value)))
                .OrderByDescending(one => one.Tasks).ThenByDescending(one => one.Subject, StringComparer.Ordinal);
            Assert.Equal(expected, await OfJobAsync(job, random.Next(1, 5)));
        }
    }

    private Task<SubjectTaskPage> ListAsync(string subject) =>
        Store.Subjects.ListTasksAsync(new SubjectQuery(subject, null, null, null, 100), Cancellation);

    private async Task<List<JobSubject>> OfJobAsync(EnqueuedJob job, int limit)
    {
        var found = new List<JobSubject>();
        for (SubjectCount? after = null; ;)
        {
            var page = await Store.Subjects.ListOfJobAsync(job.Key, after, limit, Cancellation);
            Assert.True(page.IsTotalExact);
            found.AddRange(page.Subjects);
            if (!page.HasMore)
            {
                Assert.Equal(found.Count, page.Total);
                return found;
            }

            after = new SubjectCount(page.Subjects[^1].Subject, page.Subjects[^1].Tasks);
        }
    }
}
