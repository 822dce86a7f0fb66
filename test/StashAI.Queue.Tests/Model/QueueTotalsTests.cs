using CsCheck;
using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Queue.Tests.Model;

public sealed class QueueTotalsTests
{
    // Where the number of each state has a digit of its own, a sum names the states that it is of.
    private static readonly long[] Digits = [1, 10, 100, 1_000, 10_000, 100_000];

    [Fact]
    public void The_whole_queue_is_the_sum_over_its_services_state_by_state() =>
        Gen.Long[0, 1L << 40].Array[6].Array[0, 5].Sample(services =>
        {
            var stats = new QueueStats([.. services.Select((counts, i) => ($"s{i}", QueueTotals.Of(counts)))], [], 1, null, 0);
            long[] sums = [.. Enum.GetValues<TaskState>().Select(state => services.Sum(counts => counts[(int)state]))];

            return stats.Tasks == QueueTotals.Of(sums) && stats.Tasks.Total == services.Sum(counts => counts.Sum());
        });

    [Fact]
    public void Each_state_has_its_own_number() =>
        Assert.Equal(
            new QueueTotals(Available: 1, Scheduled: 10, Running: 100, Completed: 1_000, Failed: 10_000, Cancelled: 100_000),
            QueueTotals.Of(Digits));

    [Fact]
    public void What_a_service_has_open_is_neither_over_nor_counted_twice() =>
        Assert.Equal(111, new ServiceDepth("s", Digits[0], Digits[1], Digits[2], null).Open);

    [Fact]
    public void A_page_of_tasks_counts_exactly_the_states_that_it_shows()
    {
        var states = Enum.GetValues<TaskState>();
        for (var bits = 0; bits < 1 << states.Length; bits++)
        {
            List<TaskState> shown = [.. states.Where(state => (bits >> (int)state & 1) == 1)];
            var filter = new TaskFilter(shown, null, null, 10, 0);
            var expected = shown.Count == 0 ? Digits.Sum() : shown.Sum(state => Digits[(int)state]);

            Assert.Equal(expected, filter.CountOf(QueueTotals.Of(Digits)));
            Assert.Equal(expected, filter.CountOf(new JobCounters((int)Digits.Sum(), 1, 10, 100, 1_000, 10_000, 100_000)));
            Assert.Equal(shown.Count == 0 ? states : [.. shown], states.Where(filter.Includes));
        }
    }
}
