using CsCheck;
using StashAI.Queue.Policies;

namespace StashAI.Queue.Tests.Policies;

/// <summary>Trials go round (docs/adr/0019).</summary>
public sealed class TrialChoiceTests
{
    [Fact]
    public void The_first_trial_is_the_head_of_the_queue_and_the_second_its_end()
    {
        Assert.Equal((0, 9), (TrialChoice.Position(0, 10), TrialChoice.Position(1, 10)));
        Assert.Equal((0, 0), (TrialChoice.Position(0, 1), TrialChoice.Position(1, 1)));
    }

    [Fact]
    public void A_trial_is_always_a_place_in_the_queue() =>
        Gen.Select(Gen.Int, Gen.Int[1, TrialChoice.MaxCandidates]).Sample(
            (turn, count) => TrialChoice.Position(turn, count) is var place && place >= 0 && place < count);

    /// <summary>Wherever the items that do not break the service are, a trial comes near to them soon.</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(1000)]
    public void After_some_trials_no_part_of_the_queue_was_left_out(int trials)
    {
        int[] places = [.. Enumerable.Range(0, trials).Select(turn => TrialChoice.Position(turn, TrialChoice.MaxCandidates)).Order()];

        Assert.InRange(places.Zip(places.Skip(1), (one, next) => next - one).Max(), 0, 3 * TrialChoice.MaxCandidates / trials);
    }

    [Fact]
    public void A_lane_that_is_not_on_trial_stays_as_it_is()
    {
        JobCandidate[] jobs = [Job(1, available: 5), Job(2, available: 5, pack: 4)];
        Assert.Equal(jobs, Narrow(null, jobs).Jobs);
        Assert.Empty(Narrow(0).Jobs);
    }

    [Fact]
    public void A_task_that_was_never_called_comes_before_those_that_were()
    {
        JobCandidate[] jobs = [Job(1, 4, requeued: 4), Job(2, 4, requeued: 3), Job(3, 2, requeued: 2), Job(4, available: 1)];

        Assert.Equal([2L, 4, 2, 4], ((int[])[0, 1, 2, 3]).Select(turn => Assert.Single(Narrow(turn, jobs).Jobs).Key));
        Assert.All(Enumerable.Range(0, 9), turn => Assert.Equal(JobCandidate.OnlyNeverClaimed, Narrow(turn, jobs).Jobs[0].SkipRequeued));
    }

    [Fact]
    public void A_trial_is_one_task_with_a_call_of_its_own() =>
        Assert.Equal(1, Assert.Single(FairShare.Allocate(9, 9, [Narrow(0, Job(1, available: 9, pack: 4))]).Picks).Job.PackSize);

    /// <summary>Among tasks that were all called before, every one of every job is tried at last.</summary>
    [Fact]
    public void Each_trial_goes_to_another_of_those_that_come_again()
    {
        JobCandidate[] jobs = [Job(1, available: 3, requeued: 3), Job(2, available: 5, requeued: 5)];

        var tried = Enumerable.Range(0, 200)
            .Select(turn => Narrow(turn, jobs).Jobs[0]).Select(job => (job.Key, job.SkipRequeued)).ToHashSet();

        Assert.Equal([(1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (2, 2), (2, 3), (2, 4)], tried.Order());
    }

    [Fact]
    public void Of_more_tasks_than_are_looked_at_the_first_are_chosen_among() =>
        Assert.Equal(
            [0, TrialChoice.MaxCandidates - 1],
            ((int[])[0, 1]).Select(turn => Narrow(turn, Job(1, 5000, requeued: 5000)).Jobs[0].SkipRequeued));

    private static LaneCandidate Narrow(int? turn, params JobCandidate[] jobs)
    {
        var lane = new LaneCandidate(1, 0, new LaneCapacity(1, true, default, true, null) { TrialNumber = turn });
        lane.Jobs.AddRange(jobs);
        TrialChoice.KeepTrialJob(lane);
        return lane;
    }

    private static JobCandidate Job(long key, int available, int requeued = 0, int pack = 1) =>
        new(key, 5, 0, 1, available, requeued, 0, 100, available) { PackSize = pack };
}
