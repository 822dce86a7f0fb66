using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Queue.Tests.Model;

public sealed class StateMachineTests
{
    // The table of the design, written a second time: rows are states, columns events in their order.
    private static readonly Dictionary<TaskState, string> Expected = new()
    {
        [TaskState.Available] = "-  Running - - - Failed - - - Cancelled - - -",
        [TaskState.Scheduled] = "Available - - - - Failed - - - Cancelled - - -",
        [TaskState.Running] = "- - Completed Scheduled Scheduled Failed Available Available Failed Running Cancelled - Scheduled",
        [TaskState.Completed] = "- - - - - - - - - - - - -",
        [TaskState.Failed] = "- - - - - - - - - - - Available -",
        [TaskState.Cancelled] = "- - - - - - - - - - - Available -",
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
        Assert.Equal(TaskStateMachine.Transitions.Count, TaskStateMachine.Transitions.Select(transition => (transition.From, transition.Event)).Distinct().Count());

    [Fact]
    public void Only_a_person_brings_a_task_back_from_its_end() =>
        Assert.All(
            TaskStateMachine.Transitions.Where(transition => TaskStateMachine.IsTerminal(transition.From)),
            transition => Assert.Equal(TaskEvent.RetryByPerson, transition.Event));

    [Fact]
    public void What_becomes_available_again_is_found_as_requeued() =>
        Assert.All(
            TaskStateMachine.Transitions.Where(transition => transition.To == TaskState.Available),
            transition => Assert.True(transition.Effect.HasFlag(TaskEffect.Requeue)));

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
