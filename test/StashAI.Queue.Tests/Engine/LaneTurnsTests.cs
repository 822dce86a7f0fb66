using System.Globalization;
using CsCheck;
using StashAI.Queue.Engine;
using StashAI.Queue.Execution;
using StashAI.Queue.Model.Work;

namespace StashAI.Queue.Tests.Engine;

/// <summary>Random claims, calls and changes of limits: no call is lost or begun twice, and none begins in a full lane.</summary>
public sealed class LaneTurnsTests
{
    private static readonly Gen<(int Kind, int Lane, int Number)[]> Steps =
        Gen.Select(Gen.Int[0, 9], Gen.Int[1, 3], Gen.Int[0, 6]).Array[1, 120];

    [Fact]
    public void Every_call_begins_once_and_only_where_the_limit_allows_it() => Steps.Sample(steps =>
    {
        var run = new Run();
        foreach (var (kind, lane, number) in steps)
        {
            if (kind < 3) run.Claim(lane, number);
            else if (kind == 3) run.SetLimit(lane, number);
            else if (kind == 4) run.Unlimit(lane);
            else if (kind < 8) run.Begin();
            else run.End(number);
        }

        run.Finish();
    });

    [Fact]
    public void What_waits_for_its_turn_can_be_given_back()
    {
        var run = new Run();
        run.SetLimit(1, 1);
        run.Claim(1, 3);
        while (run.Begin())
        {
            // The first begins, the others wait.
        }

        Assert.NotNull(run.Turns.TakeWaiting());
        Assert.NotNull(run.Turns.TakeWaiting());
        Assert.Null(run.Turns.TakeWaiting());
    }

    private sealed class Run
    {
        private readonly Dictionary<long, int> limits = [];
        private readonly Dictionary<long, int> inForce = [];
        private readonly Queue<ClaimedCall> queue = new();
        private readonly HashSet<ClaimedCall> granted = [];
        private readonly List<ClaimedCall> running = [];
        private int claimed;
        private int ended;
        private int parked;

        public LaneTurns Turns { get; } = new();

        public void Claim(int lane, int number)
        {
            var calls = Enumerable.Range(0, number).Select(_ => Call(lane)).ToList();
            claimed += number;
            foreach (var call in calls) inForce[call.LaneKey] = int.MaxValue;
            foreach (var (key, limit) in limits) inForce[key] = limit;
            foreach (var call in Turns.Add(calls, limits)) Return(call);
            foreach (var call in calls) queue.Enqueue(call);
        }

        public void SetLimit(int lane, int limit)
        {
            limits[lane] = limit;
            Claim(lane, 0);
        }

        public void Unlimit(int lane)
        {
            limits.Remove(lane);
            Claim(lane, 1);
        }

        /// <summary>False when no call is in the queue.</summary>
        public bool Begin()
        {
            if (!queue.TryDequeue(out var call)) return false;
            Assert.DoesNotContain(call, running);
            var taken = running.Concat(granted).Count(other => other != call && other.LaneKey == call.LaneKey);
            var begins = granted.Remove(call) || taken < inForce[call.LaneKey];
            Assert.Equal(begins, Turns.TryBegin(call));
            if (begins) running.Add(call);
            else parked++;
            Assert.Equal(parked, Turns.Waiting);
            return true;
        }

        public void End(int number)
        {
            if (running.Count == 0) return;
            var call = running[number % running.Count];
            running.Remove(call);
            ended++;
            if (Turns.End(call, TimeSpan.FromMilliseconds(1)) is { } next) Return(next);
        }

        public void Finish()
        {
            foreach (var key in limits.Keys) SetLimit((int)key, Math.Max(1, limits[key]));
            while (Begin() || running.Count > 0) End(0);
            Assert.Equal((claimed, 0), (ended, Turns.Waiting));
        }

        private void Return(ClaimedCall call)
        {
            parked--;
            Assert.True(granted.Add(call));
            var taken = running.Concat(granted).Count(other => other.LaneKey == call.LaneKey);
            Assert.True(taken <= inForce[call.LaneKey], taken.ToString(CultureInfo.InvariantCulture));
            queue.Enqueue(call);
        }

        private static ClaimedCall Call(int lane)
        {
            var job = new ClaimedJob
            {
                Key = lane,
                JobId = Guid.NewGuid(),
                Version = 1,
                Service = "echo",
                TaskType = "echo_run",
                Upstream = new Uri("http://127.0.0.1:9/"),
                Config = default,
                MaxAttempts = 1,
                LaneKey = lane,
            };
            return new ClaimedCall([new ClaimedTask(1, job, 1, 1, 1, default, [])]);
        }
    }
}
