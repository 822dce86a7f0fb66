using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;

namespace StashAI.Queue.Tests.Model;

public sealed class ClaimedTaskTests
{
    private static readonly ClaimedJob Job = new()
    {
        Key = 5,
        JobId = TaskKey.NewJobId(new DateTimeOffset(2031, 5, 1, 0, 0, 0, TimeSpan.Zero)),
        LaneKey = 1,
        Service = "echo",
        TaskType = "echo",
        Upstream = new Uri("http://127.0.0.1:9/echo"),
        Config = default,
        MaxAttempts = 4,
        Version = 1,
    };

    [Fact]
    public void It_weighs_its_input_and_every_part_that_came_along()
    {
        var task = new ClaimedTask(
            TaskKey.From(5, 2), Job, 1, 1, 1, new byte[10],
            [
                new PayloadRef(1, "image", null, 200, new byte[200]),
                new PayloadRef(2, "mask", null, 30, new byte[30]),
                new PayloadRef(3, "large", null, 1 << 20),
            ]);

        Assert.Equal(240, task.BytesInMemory);
        Assert.Equal((Job.JobId, 2), TaskKey.Parse(task.TaskId));
    }
}
