using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract.Results;

/// <summary>Results by what they depend on: known, computed by one task at a time, and forgotten.</summary>
public abstract class KnownResultContract(IStoreHost host) : ResultStoreContract(host)
{
    [Fact]
    public async Task The_first_computes_the_others_wait_and_get_its_result()
    {
        var job = await EnqueueAsync(3);
        var tasks = await ClaimAsync(3);
        Assert.Equal(new ResultAnswer(null, true), await AskAsync(tasks[0]));
        Assert.Equal(new ResultAnswer(null, true), await AskAsync(tasks[0]));
        Assert.Equal(new ResultAnswer(null, false), await AskAsync(tasks[1]));
        await WaitAsync(tasks[1]);
        Assert.Equal(new ResultAnswer(null, false), await AskAsync(tasks[2]));
        await WaitAsync(tasks[2]);
        Assert.True((await WakeAsync()).IsEmpty);
        Assert.Equal((TaskState.Scheduled, 0), await StateAsync(tasks[1]));

        await CompleteAsync(tasks[0], """{"a":1}""");

        Assert.Equal(2, (await WakeAsync()).Tasks.Count);
        Assert.True((await WakeAsync()).IsEmpty);
        foreach (var task in await ClaimAsync(3))
        {
            var found = Assert.IsType<KnownResult>((await AskAsync(task)).Known);
            Assert.Equal("""{"a":1}""", Encoding.UTF8.GetString(found.Output.Span));
            Assert.Equal(200, found.HttpStatus);
            var reused = Done(task, """{"a":1}""") with { IsCached = true, ResultKey = Key, Duration = default };
            Assert.Equal(ApplyStatus.Applied, await ApplyAsync(reused));
        }

        var view = await JobAsync(job);
        Assert.Equal((3, 2), (view.Counters.Completed, view.Counters.Cached));
        Assert.Equal(TimeSpan.FromMilliseconds(12.5), view.ProcessingTime);
        var last = await TaskAsync(tasks[2].Key);
        Assert.Equal((true, 0), (last.IsCached, last.Attempt));
        Assert.Empty(await Store.Read.ListAttemptsAsync(last.Key, 10, Cancellation));
        Assert.False((await TaskAsync(tasks[0].Key)).IsCached);
        Assert.Empty(await Store.Maintain.ReconcileAsync([job.Key], 100, Cancellation));
    }

    [Fact]
    public async Task A_task_whose_node_is_lost_computes_no_more()
    {
        await EnqueueAsync(2);
        var lost = Store.Nodes.Register("lost", Lease);
        var first = Assert.Single(await ClaimAsync(1, lost));
        await AskAsync(first);
        var second = await ClaimOneAsync();
        await AskAsync(second);
        await WaitAsync(second);
        Store.Nodes.Leave(lost);
        await Store.Maintain.RescueAsync(10, Cancellation);

        Assert.Equal(second.Key, Assert.Single((await WakeAsync()).Tasks).Key);
        // A result of the lost call is not recorded, so it is not remembered either.
        Assert.Equal(ApplyStatus.LeaseLost, await ApplyAsync(Done(first) with { ResultKey = Key }, lost));
        Assert.Null(await FindAsync(second));
    }

    [Fact]
    public async Task Only_results_of_the_own_job_and_later_ones_are_fresh()
    {
        await EnqueueAsync(1);
        var job = await EnqueueAsync(2);
        var tasks = await ClaimAsync(3);
        await AskAsync(tasks[0]);
        await CompleteAsync(tasks[0], """{"old":1}""");
        var fresh = Query(tasks[1]) with { OldestJob = job.Key };

        Assert.Null(await Store.Results.FindResultAsync(fresh, Cancellation));
        Assert.NotNull(await FindAsync(tasks[1]));
        Assert.True((await Store.Results.AskAsync(fresh, Cancellation)).Computes);
        await CompleteAsync(tasks[1], """{"new":1}""");

        var answer = await Store.Results.AskAsync(Query(tasks[2]) with { OldestJob = job.Key }, Cancellation);
        Assert.Equal("""{"new":1}""", Encoding.UTF8.GetString(answer.Known!.Output.Span));
    }

    [Fact]
    public async Task A_result_goes_with_its_job_and_is_hidden_with_it_at_once()
    {
        var job = await EnqueueAsync(1);
        var other = await EnqueueAsync(1);
        var tasks = await ClaimAsync(2);
        await AskAsync(tasks[0]);
        await CompleteAsync(tasks[0], "{}");
        Assert.NotNull(await FindAsync(tasks[1]));

        Assert.True(await Store.Control.RemoveJobAsync(job.Key, Cancellation));

        Assert.Null(await FindAsync(tasks[1]));
        Assert.True((await AskAsync(tasks[1])).Computes);
        while (await Store.Maintain.RemoveUnreferencedAsync(10, Cancellation) > 0)
        {
        }

        await CompleteAsync(tasks[1], "{}");
        await Store.Control.RemoveJobAsync(other.Key, Cancellation);
        while (await Store.Maintain.RemoveUnreferencedAsync(10, Cancellation) > 0)
        {
        }

        var rows = Host.CountRows();
        Assert.Equal((0, 0), (rows["known_results"], rows["result_waiters"]));
    }

    [Fact]
    public async Task Results_are_forgotten_after_their_time_and_flights_that_ended_without_one()
    {
        await EnqueueAsync(3);
        var tasks = await ClaimAsync(3);
        await AskAsync(tasks[0]);
        await CompleteAsync(tasks[0], "{}");
        await Store.Results.AskAsync(Query(tasks[1]) with { Key = KeyOf("other") }, Cancellation);
        await ApplyAsync(Ended(tasks[1], TaskEvent.Fail));

        Assert.Equal(1, await Store.Results.ForgetResultsAsync(TimeSpan.FromDays(30), 10, Cancellation));
        Assert.NotNull(await FindAsync(tasks[2]));
        await PassAsync(TimeSpan.FromDays(31));
        Assert.Equal(0, await Store.Results.ForgetResultsAsync(null, 10, Cancellation));
        Assert.Equal(1, await Store.Results.ForgetResultsAsync(TimeSpan.FromDays(30), 10, Cancellation));
        Assert.Equal(0, await Store.Results.ForgetResultsAsync(TimeSpan.FromDays(30), 10, Cancellation));
    }

    [Fact]
    public async Task Of_tasks_that_ask_at_once_in_two_processes_one_computes()
    {
        const int Count = 24;
        await EnqueueAsync(Count);
        var other = await OpenAnotherAsync();
        var second = other.Nodes.Register("second", Lease);
        var mine = await ClaimAsync(Count / 2);
        var theirs = await ClaimAsync(Count / 2, second, other);

        var answers = await Task.WhenAll(
            mine.Select(task => Task.Run(() => Store.Results.AskAsync(Query(task), Cancellation)))
                .Concat(theirs.Select(task => Task.Run(() => other.Results.AskAsync(Query(task), Cancellation)))));

        Assert.Single(answers, answer => answer.Computes);
        Assert.All(answers, answer => Assert.Null(answer.Known));
    }

    [Fact]
    public async Task A_known_result_returns_the_call_to_the_rate_of_its_lane()
    {
        await Store.Gate.DeclareAsync([TestJobs.Manifest with { Rate = new RateLimit(0.001, 2) }], Cancellation);
        await EnqueueAsync(5);
        var tasks = await ClaimAsync(5);
        Assert.Equal(2, tasks.Count);
        await AskAsync(tasks[0]);
        await AskAsync(tasks[1]);
        Assert.Empty(await ClaimAsync(5));

        await WaitAsync(tasks[1]);
        var third = Assert.Single(await ClaimAsync(5));
        await ApplyAsync(Done(third) with { IsCached = true, ResultKey = Key, Duration = default });
        Assert.Single(await ClaimAsync(5));
        Assert.Empty(await ClaimAsync(5));
    }

    [Fact]
    public async Task While_a_subject_is_erased_no_result_counts_that_may_name_it()
    {
        await EnqueueAsync(2);
        var tasks = await ClaimAsync(2);
        await AskAsync(tasks[0]);
        await CompleteAsync(tasks[0], "{}");
        var erasure = await Store.Erasures.AddErasureAsync(Guid.NewGuid(), new ErasedSubject(["id"], ["Ann"]), null, Cancellation);
        await Store.Erasures.BeginErasingAsync(erasure.Key, [TestJobs.Service], Cancellation);

        Assert.NotNull(await FindAsync(tasks[1]));
        Assert.Null(await Store.Results.FindResultAsync(Query(tasks[1]) with { MayNameSubjects = true }, Cancellation));
        Assert.True((await Store.Results.AskAsync(Query(tasks[1]) with { MayNameSubjects = true }, Cancellation)).Computes);
    }

    [Fact]
    public async Task Equal_bytes_have_equal_digests()
    {
        await using var upload = Store.OpenUpload(Node);
        foreach (var content in (string[])["one", "one", "two"])
        {
            upload.BeginTask();
            upload.BeginPayload("image", "data:image/png;base64,");
            await upload.WriteAsync(Encoding.UTF8.GetBytes(content), Cancellation);
            upload.EndPayload();
            await upload.EndTaskAsync("{}"u8.ToArray(), Cancellation);
        }

        var job = await upload.CommitAsync(TestJobs.Job with { Cache = ResultCache.Use }, Cancellation);
        var digests = new List<PayloadDigest>();
        for (var i = 0; i < 3; i++)
            digests.Add(Assert.Single(await Store.Results.ListDigestsAsync(TaskKey.From(job.Key, i), Cancellation)));

        Assert.Equal([KeyOf("one"), KeyOf("one"), KeyOf("two")], digests.Select(digest => digest.Sha256));
        Assert.All(digests, digest => Assert.Equal(("image", "data:image/png;base64,"), (digest.Slot, digest.DataUrlPrefix)));
        Assert.Equal(ResultCache.Use, (await JobAsync(job)).Cache);
        Assert.All(await ClaimAsync(3), task => Assert.Equal(ResultCache.Use, task.Job.Cache));
    }

    [Fact]
    public async Task Two_processes_that_claim_at_once_compute_each_result_once()
    {
        const int Count = 240, Keys = 12;
        await EnqueueAsync(Count);
        var other = await OpenAnotherAsync();
        var second = other.Nodes.Register("second", Lease);
        var computed = new ConcurrentDictionary<string, int>();
        var done = 0;

        await Task.WhenAll(
            new[] { (Store, Node), (Store, Node), (other, second), (other, second) }
                .Select(process => Task.Run(() => WorkAsync(process.Item1, process.Item2), Cancellation)));

        Assert.Equal(Keys, computed.Count);
        Assert.All(computed, one => Assert.Equal(1, one.Value));

        async Task WorkAsync(IQueueStore store, long node)
        {
            while (Volatile.Read(ref done) < Count)
            {
                foreach (var task in (await store.Work.ClaimAsync(node, 3, 0, [TestJobs.Service], Cancellation)).Tasks)
                {
                    var key = KeyOf($"{TaskKey.OrdinalOf(task.Key) % Keys}");
                    var answer = await store.Results.AskAsync(new ResultQuery(key, task.Key, task.Fence), Cancellation);
                    if (answer.Computes) computed.AddOrUpdate(Convert.ToHexString(key), 1, (_, count) => count + 1);
                    var result = answer.Computes || answer.Known is not null
                        ? Done(task) with { ResultKey = key, IsCached = !answer.Computes }
                        : Waiting(task) with { ResultKey = key };
                    await store.Work.ApplyAsync(node, [result], Cancellation);
                    if (result.Event == TaskEvent.Succeed) Interlocked.Increment(ref done);
                }

                await store.Results.WakeWaitersAsync(100, Cancellation);
            }
        }
    }
}
