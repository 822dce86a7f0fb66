using CsCheck;
using StashAI.Queue.Policies.Circuits;

namespace StashAI.Queue.Tests.Policies;

/// <summary>Who failed before while others were answered is to blame (docs/adr/0019).</summary>
public sealed class BreakerTests
{
    private enum Step
    {
        FirstBreaks,
        SecondBreaks,
        OtherIsAnswered,
        OwnIsCompleted,
    }

    /// <summary>
    /// The rule, looked up in a history of one job with two tasks: a task is to blame when a call of it broke and somebody was
    /// answered since, or when that is true of its job and none of the job's tasks was completed since.
    /// </summary>
    [Fact]
    public void The_counts_blame_exactly_those_whom_the_history_does() =>
        Gen.Int[0, 3].Select(step => (Step)step).Array[0, 14].Sample(steps =>
        {
            long answers = 0;
            var completed = 0;
            long?[] tasks = [null, null];
            (long? At, int Completed) job = (null, 0);
            for (var i = 0; i < steps.Length; i++)
            {
                if (steps[i] == Step.OtherIsAnswered) answers++;
                if (steps[i] == Step.OwnIsCompleted) completed++;
                if (steps[i] is not (Step.FirstBreaks or Step.SecondBreaks)) continue;
                var task = steps[i] == Step.FirstBreaks ? 0 : 1;
                var breaker = new RepeatedFailure(tasks[task], job.At, job.Completed, completed);
                var past = steps[..i];
                var own = Array.IndexOf(past, steps[i]);
                var lastCompleted = Array.LastIndexOf(past, Step.OwnIsCompleted);
                var ofJob = Array.FindIndex(past, lastCompleted + 1, step => step is Step.FirstBreaks or Step.SecondBreaks);
                var isToBlame = IsAnsweredAfter(past, own) || IsAnsweredAfter(past, ofJob);

                Assert.Equal(isToBlame, breaker.IsRepeated(answers));
                Assert.Equal(isToBlame ? CircuitSignal.FailedAgain : CircuitSignal.Failed, breaker.SignalOf(CircuitSignal.Failed, answers));
                var after = breaker.After(answers);
                tasks[task] = after.TaskFailedAt;
                job = (after.JobFailedAt, after.JobCompletedThen);
            }
        });

    [Theory]
    [InlineData(CircuitSignal.None)]
    [InlineData(CircuitSignal.Answered)]
    [InlineData(CircuitSignal.ServerError)]
    public void Only_a_call_that_broke_can_be_blamed_on_its_task(CircuitSignal sign) =>
        Assert.Equal(sign, new RepeatedFailure(1, 1, 0, 0).SignalOf(sign, 5));

    private static bool IsAnsweredAfter(Step[] past, int broke) => broke >= 0 && Array.IndexOf(past, Step.OtherIsAnswered, broke) >= 0;
}
