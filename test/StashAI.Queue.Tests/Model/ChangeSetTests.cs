using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Queue.Tests.Model;

public sealed class ChangeSetTests
{
    [Fact]
    public void It_is_empty_only_when_no_task_no_job_and_no_lane_changed()
    {
        var task = new TaskChange(1, 2, TaskState.Running);
        var job = new JobChange(1, Guid.Empty, 2, JobState.Pending, JobState.Running);
        var lane = new LaneChange(1, "echo", "127.0.0.1:9", CircuitState.Closed, CircuitState.Open, DateTimeOffset.UnixEpoch);

        Assert.True(ChangeSet.Empty.IsEmpty);
        Assert.False(new ChangeSet([task], []).IsEmpty);
        Assert.False(new ChangeSet([], [job]).IsEmpty);
        Assert.False(new ChangeSet([], []) { Lanes = [lane] }.IsEmpty);
        Assert.False(new ChangeSet([task], [job]) { Lanes = [lane] }.IsEmpty);
    }
}
