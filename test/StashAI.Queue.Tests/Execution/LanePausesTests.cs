using Microsoft.Extensions.Time.Testing;
using StashAI.Queue.Execution;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Sdk;

namespace StashAI.Queue.Tests.Execution;

/// <summary>How long a lane waits after its service has asked tasks to wait.</summary>
public sealed class LanePausesTests
{
    private static readonly ClaimedJob Job = new()
    {
        Key = 1,
        JobId = Guid.Empty,
        LaneKey = 1,
        Service = "echo",
        TaskType = "echo",
        Upstream = new Uri("http://127.0.0.1:9/echo"),
        Config = default,
        MaxAttempts = 4,
        Version = 1,
    };

    private readonly FakeTimeProvider clock = new();
    private readonly LanePauses pauses;

    public LanePausesTests() => pauses = new LanePauses(RetryPolicy.Default, clock);

    [Fact]
    public void A_service_that_asks_every_task_to_wait_gets_growing_pauses_up_to_a_minute()
    {
        foreach (var longest in (int[])[2, 4, 8, 16, 32, 60, 60])
        {
            var task = longest + clock.GetUtcNow().ToUnixTimeSeconds();
            Assert.InRange(Ask(task).LaneDelay!.Value.TotalSeconds, longest / 2.0, longest);
            clock.Advance(TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public void Calls_that_began_before_a_pause_do_not_lengthen_it()
    {
        var before = clock.GetTimestamp();
        clock.Advance(TimeSpan.FromSeconds(1));
        for (var task = 0; task < 50; task++)
            Assert.InRange(pauses.Settle(Throttled(task), before, isShared: false).LaneDelay!.Value.TotalSeconds, 1, 2);
    }

    [Fact]
    public void A_task_that_is_asked_again_and_again_does_not_lengthen_the_pause()
    {
        for (var i = 0; i < 50; i++)
        {
            Assert.InRange(Ask(7).LaneDelay!.Value.TotalSeconds, 1, 2);
            clock.Advance(TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public void A_lane_that_answers_others_does_not_wait_except_for_a_call_that_tasks_share()
    {
        Ask(1);
        for (var i = 0; i < 3; i++)
        {
            Answer();
            Assert.Equal(TimeSpan.Zero, Ask(1).LaneDelay);
            Assert.InRange(Ask(2).LaneDelay!.Value.TotalSeconds, 1, 2);
        }

        Answer();
        Assert.InRange(pauses.Settle(Throttled(1), clock.GetTimestamp(), isShared: true).LaneDelay!.Value.TotalSeconds, 1, 2);
    }

    [Fact]
    public void A_time_that_the_service_names_holds_for_the_lane_and_grows_only_for_a_task_among_others_that_are_answered()
    {
        var named = Throttled(1) with { GrowsUpTo = TimeSpan.Zero, Delay = TimeSpan.FromSeconds(90) };

        Assert.Equal(named, pauses.Settle(named, clock.GetTimestamp(), isShared: false));
        Answer();
        Assert.Equal(
            named with { GrowsUpTo = RetryPolicy.Default.Cap }, pauses.Settle(named, clock.GetTimestamp(), isShared: false));
    }

    [Fact]
    public void What_no_service_has_answered_is_left_as_it_is()
    {
        var unready = Throttled(1) with { Call = CallReport.None };

        Assert.Equal(unready, pauses.Settle(unready, clock.GetTimestamp(), isShared: false));
    }

    private AttemptResult Ask(long task)
    {
        clock.Advance(TimeSpan.FromMilliseconds(1));
        return pauses.Settle(Throttled(task), clock.GetTimestamp(), isShared: false);
    }

    private void Answer() => pauses.Settle(
        Throttled(99) with { Event = TaskEvent.Succeed, Call = new CallReport(200) }, clock.GetTimestamp(), isShared: false);

    private static AttemptResult Throttled(long task) => new()
    {
        Task = new ClaimedTask(task, Job, 1, 1, 1, default, []),
        Event = TaskEvent.Throttle,
        ErrorKind = ErrorKind.Throttled,
        Call = new CallReport(429),
        Delay = TimeSpan.FromSeconds(1),
        GrowsUpTo = RetryPolicy.Default.Cap,
    };
}
