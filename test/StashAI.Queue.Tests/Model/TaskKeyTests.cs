using CsCheck;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Queue.Tests.Model;

public sealed class TaskKeyTests
{
    [Fact]
    public void Inside_ids_come_apart_as_they_were_put_together() =>
        Gen.Select(Gen.Long[1, long.MaxValue >> TaskKey.OrdinalBits], Gen.Int[0, TaskKey.MaxTasksPerJob - 1]).Sample((job, ordinal) =>
        {
            var key = TaskKey.From(job, ordinal);
            return TaskKey.JobOf(key) == job && TaskKey.OrdinalOf(key) == ordinal;
        });

    [Fact]
    public void Outside_ids_name_the_job_and_the_place_in_it() =>
        Gen.Int[0, TaskKey.MaxTasksPerJob - 1].Sample(ordinal =>
        {
            var job = TaskKey.NewJobId(new DateTimeOffset(2031, 5, 1, 0, 0, 0, TimeSpan.Zero));
            var task = TaskKey.TaskId(job, ordinal);
            return task != job && task.Version == 7 && TaskKey.Parse(task) == (job, ordinal) && TaskKey.Parse(job) == (job, null);
        });

    [Fact]
    public void Job_ids_differ_even_within_one_millisecond()
    {
        var now = new DateTimeOffset(2031, 5, 1, 0, 0, 0, TimeSpan.Zero);
        var ids = Enumerable.Range(0, 20_000).Select(_ => TaskKey.NewJobId(now)).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(ids.Take(100), id => Assert.Equal((7, (int?)null), (id.Version, TaskKey.Parse(id).Ordinal)));
    }
}
