using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Queue.Tests.Model;

public sealed class StateMachineTests
{
    // The table of the design, written a second time: rows are states, columns events in their order.
    private static readonly Dictionary<TaskState, string> Expected = new()
    {
        [TaskState.Available] = "-  Running - - - Failed - - - Cancelled - - - - -",
        [TaskState.Scheduled] = "Available - - - - Failed - - - Cancelled - - - - -",
        [TaskState.Running] = "- - Completed Scheduled Scheduled Failed Available Available Failed Running Cancelled - Scheduled - "
            + "Scheduled",
        [TaskState.Completed] = "- - - - - - - - - - - - - - -",
        [TaskState.Failed] = "- - - - - - - - - - - Available - Cancelled -",
        [TaskState.Cancelled] = "- - - - - - - - - - - Available - - -",
    };

    [Fact]
    public void Every_pair_of_state_and_event_goes_where_the_design_says()
    {
        foreach (var (state, row) in Expected)
        {
            var cells = row.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var found = Enum.GetValues<TaskEvent>().Select(taskEvent => TaskStateMachine.Find(state, taskEvent)?.To.ToString() ?? "-");
            Assert.Equal(cells, found);
        }
    }

    [Fact]
    public void No_pair_is_listed_twice() =>
        Assert.Equal(
            TaskStateMachine.Transitions.Count,
            TaskStateMachine.Transitions.Select(transition => (transition.From, transition.Event)).Distinct().Count());

    [Fact]
    public void Only_a_person_changes_a_task_that_is_over() =>
        Assert.All(
            TaskStateMachine.Transitions.Where(transition => TaskStateMachine.IsTerminal(transition.From)),
            transition => Assert.Contains(transition.Event, new[] { TaskEvent.RetryByPerson, TaskEvent.Skip }));

    [Fact]
    public void What_becomes_available_again_is_found_as_requeued() =>
        Assert.All(
            TaskStateMachine.Transitions.Where(transition => transition.To == TaskState.Available),
            transition => Assert.True(transition.Effect.HasFlag(TaskEffect.Requeue)));

    [Fact]
    public void A_task_is_over_when_it_completed_failed_or_was_cancelled() =>
        Assert.Equal(
            [TaskState.Completed, TaskState.Failed, TaskState.Cancelled], Enum.GetValues<TaskState>().Where(TaskStateMachine.IsTerminal));

    /// <summary>What the design says of each effect: the events that have it, in every state where they can happen.</summary>
    [Theory]
    [InlineData(TaskEffect.CountAttempt, TaskEvent.Claim)]
    [InlineData(TaskEffect.GiveAttemptBack, TaskEvent.Throttle, TaskEvent.Release, TaskEvent.LoseLease, TaskEvent.Park,
        TaskEvent.AwaitResult)]
    [InlineData(TaskEffect.BlockLane, TaskEvent.Throttle)]
    [InlineData(TaskEffect.CountCrash, TaskEvent.LoseLease, TaskEvent.Poison)]
    [InlineData(TaskEffect.ResetBudget, TaskEvent.RetryByPerson)]
    public void An_effect_belongs_to_its_events(TaskEffect effect, params TaskEvent[] events) =>
        Assert.Equal(
            events,
            TaskStateMachine.Transitions.Where(row => row.Effect.HasFlag(effect)).Select(row => row.Event).Distinct().Order());

    [Fact]
    public void Only_a_running_task_needs_a_flag_to_be_cancelled() =>
        Assert.All(
            TaskStateMachine.Transitions.Where(transition => transition.Event == TaskEvent.AskCancel),
            transition => Assert.Equal(transition.From == TaskState.Running, transition.Effect.HasFlag(TaskEffect.FlagCancel)));

    [Fact]
    public void A_job_is_over_exactly_when_nothing_of_it_is_open()
    {
        for (var bits = 1; bits < 729; bits++)
        {
            var n = Enumerable.Range(0, 6).Select(i => bits / (int)Math.Pow(3, i) % 3).ToArray();
            var counters = new JobCounters(n.Sum(), n[0], n[1], n[2], n[3], n[4], n[5]);
            foreach (var started in (bool[])[false, true])
            {
                var state = JobStateMachine.From(counters, started);
                Assert.Equal(counters.Open == 0, JobStateMachine.IsTerminal(state));
                if (counters.Open > 0) Assert.Equal(started ? JobState.Running : JobState.Pending, state);
                else if (counters.Completed == counters.Total) Assert.Equal(JobState.Completed, state);
                else if (counters.Completed > 0) Assert.Equal(JobState.Partial, state);
                else Assert.Equal(counters.Cancelled > 0 ? JobState.Cancelled : JobState.Failed, state);
            }
        }
    }
}
