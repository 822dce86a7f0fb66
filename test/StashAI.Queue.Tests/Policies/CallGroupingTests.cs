using CsCheck;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;

namespace StashAI.Queue.Tests.Policies;

public sealed class CallGroupingTests
{
    private static readonly LaneCandidate Lane = new(1, 0, default);

    // Jobs of 0 to 12 tasks that share calls of up to 5, or have one each; some tasks of a pack failed before and have a call of their own.
    private static readonly Gen<(int Pack, bool[] Alone)[]> Jobs = Gen.Select(Gen.Int[1, 5], Gen.Bool.Array[0, 12]).Array[1, 4];

    /// <summary>Whatever was taken is dealt once, in calls of one job each, of no more tasks than may share one, in item order.</summary>
    [Fact]
    public void Every_task_gets_a_place_in_a_call_of_its_job() =>
        Gen.Select(Jobs, Gen.Int[0, 3].Array[0, 30]).Sample((jobs, order) =>
        {
            var taken = Taken(jobs);
            var dealt = CallGrouping.Group(Picks(order, jobs.Length), Queues(taken));

            Assert.Equal(taken.SelectMany(job => job).Select(task => task.Key).Order(), dealt.Select(task => task.Key).Order());
            foreach (var calls in Calls(dealt).GroupBy(call => (int)call[0].Job.Key))
            {
                var pack = jobs[calls.Key].Pack;
                Assert.All(calls, call => Assert.Single(call.Select(task => task.Job.Key).Distinct()));
                Assert.All(calls, call => Assert.InRange(call.Count, 1, pack));
                Assert.All(calls, call => Assert.Equal(call[0].PackSize > 1, call[0].CallNumber > 0));
                // Only the last call of a job may have a place left.
                Assert.All(calls.Where(call => call[0].PackSize > 1).SkipLast(1), call => Assert.Equal(pack, call.Count));
                Assert.Equal(CallGrouping.Count(taken[calls.Key].Select(task => task.PackSize)), calls.Count());
                Assert.All(
                    calls.SelectMany(call => call).GroupBy(task => task.PackSize, task => task.Key),
                    keys => Assert.Equal(keys.Order(), keys));
            }
        });

    [Fact]
    public void Calls_come_in_the_order_of_the_picks_and_what_nobody_picked_comes_last() =>
        Gen.Select(Jobs, Gen.Int[0, 3].Array[0, 30]).Sample((jobs, order) =>
        {
            var taken = Taken(jobs);
            var left = taken.Select(job => CallGrouping.Count(job.Select(task => task.PackSize))).ToArray();
            var expected = Picks(order, jobs.Length).Select(pick => pick.Job.Key).Where(job => left[job]-- > 0).ToList();

            var calls = Calls(CallGrouping.Group(Picks(order, jobs.Length), Queues(taken))).ConvertAll(call => call[0].Job.Key);

            Assert.Equal(expected, calls[..expected.Count]);
        });

    [Fact]
    public void Tasks_with_a_call_of_their_own_do_not_part_a_pack()
    {
        var dealt = CallGrouping.Group(Picks([0, 0], 1), Queues(Taken([(3, [false, true, false, true, false])])));

        Assert.Equal([(1, 0), (3, 0), (0, 1), (2, 1), (4, 1)], dealt.Select(task => (TaskKey.OrdinalOf(task.Key), task.CallNumber)));
    }

    private static List<List<ClaimedTask>> Taken((int Pack, bool[] Alone)[] jobs) =>
        [.. jobs.Select((job, key) => job.Alone.Select((alone, ordinal) => Task(key, ordinal, alone ? 1 : job.Pack)).ToList())];

    private static Dictionary<long, Queue<ClaimedTask>> Queues(List<List<ClaimedTask>> taken) =>
        taken.Where(tasks => tasks.Count > 0).ToDictionary(tasks => tasks[0].Job.Key, tasks => new Queue<ClaimedTask>(tasks));

    private static List<JobPick> Picks(int[] order, int jobs) =>
        [.. order.Where(key => key < jobs).Select(key => new JobPick(Lane, new JobCandidate(key, 5, 0, 1, 1, 0, 0, 1, 1)))];

    /// <summary>Tasks one after the other with the same number share a call; those without a number have one each.</summary>
    private static List<List<ClaimedTask>> Calls(List<ClaimedTask> dealt)
    {
        var calls = new List<List<ClaimedTask>>();
        foreach (var task in dealt)
        {
            if (task.CallNumber > 0 && calls is [.., var last] && last[0].CallNumber == task.CallNumber) last.Add(task);
            else calls.Add([task]);
        }

        var numbers = calls.Select(call => call[0].CallNumber).Where(number => number > 0).ToList();
        Assert.Equal(numbers.Distinct(), numbers);
        return calls;
    }

    private static ClaimedTask Task(long job, int ordinal, int pack)
    {
        var claimed = new ClaimedJob
        {
            Key = job,
            JobId = Guid.Empty,
            LaneKey = 1,
            Service = "echo",
            TaskType = "echo",
            Upstream = new Uri("http://127.0.0.1:9/echo"),
            Config = default,
            MaxAttempts = 4,
            Version = 1,
        };
        return new ClaimedTask(TaskKey.From(job, ordinal), claimed, 1, 1, 1, default, []) { PackSize = pack };
    }
}
