using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Sdk;

namespace StashAI.Storage.Tests.Contract;

/// <summary>A task's history: every attempt that is over, the completing one among them.</summary>
public abstract class AttemptContract(IStoreHost host) : StoreContract(host)
{
    [Fact]
    public async Task A_task_tells_how_each_of_its_attempts_ended()
    {
        await EnqueueAsync(1);
        var first = await ClaimOneAsync();
        var began = Clock.GetUtcNow();
        Clock.Advance(TimeSpan.FromSeconds(2));
        await ApplyAsync(Ended(first, TaskEvent.RetryLater));
        var second = Store.Nodes.Register("second", Lease);
        await Store.Maintain.PromoteAsync(10, Cancellation);
        var task = Assert.Single(await ClaimAsync(1, second));
        Assert.Single(await AttemptsAsync(task.Key));
        Clock.Advance(TimeSpan.FromSeconds(1));
        await ApplyAsync(Done(task, """{"a": 1}"""), second);

        Assert.Equal(
            [
                new AttemptView
                {
                    Number = 1, Fence = 1, StartedAt = began, EndedAt = began.AddSeconds(2), Node = "first", Event = TaskEvent.RetryLater,
                    HttpStatus = 500, ErrorKind = ErrorKind.ServiceError, ErrorMessage = "It said no.", AnswerHead = "no",
                },
                new AttemptView
                {
                    Number = 2, Fence = 2, StartedAt = began.AddSeconds(2), EndedAt = began.AddSeconds(3), Node = "second",
                    Event = TaskEvent.Succeed,
                    HttpStatus = 200,
                    ErrorKind = ErrorKind.None,
                    ErrorMessage = null,
                    AnswerHead = """{"a": 1}""",
                },
            ],
            await AttemptsAsync(task.Key));
    }

    [Fact]
    public async Task A_lost_attempt_and_one_before_a_persons_retry_stay_in_the_history()
    {
        await EnqueueAsync(1);
        var task = await ClaimOneAsync();
        Clock.Advance(Lease);
        await Store.Maintain.RescueAsync(10, Cancellation);
        RegisterAgain();
        await ApplyAsync(Ended(await ClaimOneAsync(), TaskEvent.Fail));
        await Store.Control.RetryTaskAsync(task.Key, Cancellation);
        await ApplyAsync(Done(await ClaimOneAsync()));

        Assert.Equal(
            [(1, 1, TaskEvent.LoseLease), (2, 1, TaskEvent.Fail), (3, 1, TaskEvent.Succeed)],
            (await AttemptsAsync(task.Key)).Select(attempt => (attempt.Fence, attempt.Number, attempt.Event)));
    }

    [Fact]
    public async Task The_newest_attempts_are_shown_and_a_long_answer_is_cut_between_characters()
    {
        await EnqueueAsync(1);
        for (var i = 0; i < 4; i++)
        {
            await ApplyAsync(Ended(await ClaimOneAsync(), TaskEvent.RetryLater));
            await Store.Maintain.PromoteAsync(10, Cancellation);
        }

        var task = await ClaimOneAsync();
        await ApplyAsync(Done(task, "\"" + new string('é', 4000) + "\""));

        var attempts = await Store.Read.ListAttemptsAsync(task.Key, 3, Cancellation);
        Assert.Equal([3, 4, 5], attempts.Select(attempt => attempt.Fence));
        Assert.Equal("\"" + new string('é', 1023), attempts[2].AnswerHead);
        Assert.Empty(await AttemptsAsync(TaskKey.From(4711, 0)));
    }

    [Fact]
    public async Task The_last_attempts_at_many_tasks_are_found_together()
    {
        await EnqueueAsync(3);
        var tasks = await ClaimAsync(3);
        foreach (var task in tasks) await ApplyAsync(Ended(task, TaskEvent.RetryLater));
        await Store.Maintain.PromoteAsync(10, Cancellation);
        var again = await ClaimAsync(2);
        foreach (var task in again) await ApplyAsync(Ended(task, TaskEvent.Fail));

        var last = await Store.Read.FindLastAttemptsAsync([.. tasks.Select(task => task.Key), TaskKey.From(4711, 0)], Cancellation);

        Assert.Equal(tasks.Select(task => task.Key).Order(), last.Keys.Order());
        Assert.Equal(
            tasks.Select(task => again.Any(one => one.Key == task.Key) ? TaskEvent.Fail : TaskEvent.RetryLater),
            tasks.Select(task => last[task.Key].Event));
        foreach (var (key, attempt) in last) Assert.Equal((await AttemptsAsync(key))[^1], attempt);
        Assert.Empty(await Store.Read.FindLastAttemptsAsync([], Cancellation));
    }

    private Task<IReadOnlyList<AttemptView>> AttemptsAsync(long taskKey) => Store.Read.ListAttemptsAsync(taskKey, 100, Cancellation);
}
