using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StashAI.Queue.Execution;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Services;
using StashAI.Queue.Settings;
using StashAI.Sdk;
using StashAI.Testing.Queue;

namespace StashAI.Queue.Tests.Engine;

/// <summary>One attempt against the clock.</summary>
public sealed class TaskExecutorTests : IServiceAdapter
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2031, 5, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly TaskCompletionSource<CancellationToken> called = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AdapterManifest Manifest => TestJobs.Manifest;

    [Fact]
    public async Task The_call_at_a_deadline_goes_on_a_little_so_that_its_slot_begins_no_other_before_the_deadline()
    {
        using var running = new OwnedTask(1, null);
        var attempt = RunAsync(running, TimeSpan.FromSeconds(10), CancellationToken.None, CancellationToken.None);
        var call = await called.Task;

        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.False(call.IsCancellationRequested);
        clock.Advance(TimeSpan.FromMilliseconds(20));

        var result = await attempt;
        Assert.Equal((TaskEvent.Fail, ErrorKind.DeadlineExceeded), (result.Event, result.ErrorKind));
    }

    [Fact]
    public async Task No_call_is_made_at_or_after_the_deadline()
    {
        using var running = new OwnedTask(1, null);

        var result = await RunAsync(running, TimeSpan.Zero, CancellationToken.None, CancellationToken.None);

        Assert.Equal((TaskEvent.Fail, ErrorKind.DeadlineExceeded), (result.Event, result.ErrorKind));
        Assert.False(called.Task.IsCompleted);
    }

    /// <summary>All of them cancel the same token.</summary>
    [Theory]
    [InlineData("time limit", TaskEvent.RetryLater, ErrorKind.Timeout)]
    [InlineData("cancel", TaskEvent.Abort, ErrorKind.Cancelled)]
    [InlineData("lost lease", TaskEvent.Release, ErrorKind.None)]
    [InlineData("stop", TaskEvent.Release, ErrorKind.None)]
    public async Task What_aborts_a_call_is_told_apart(string reason, TaskEvent expected, ErrorKind kind)
    {
        using var running = new OwnedTask(1, null);
        using var lost = new CancellationTokenSource();
        using var stop = new CancellationTokenSource();
        running.TryStart();
        var attempt = RunAsync(running, TimeSpan.FromDays(1), lost.Token, stop.Token);
        var call = await called.Task;

        switch (reason)
        {
            case "time limit":
                clock.Advance(Manifest.AttemptTimeoutOf("echo"));
                break;
            case "cancel":
                running.Cancel();
                clock.Advance(TimeSpan.FromMilliseconds(1));
                break;
            default:
                await (reason == "stop" ? stop : lost).CancelAsync();
                break;
        }

        var result = await attempt;
        Assert.Equal((expected, kind), (result.Event, result.ErrorKind));
        Assert.True(call.IsCancellationRequested);
        // Nothing is left that a later cancel could meet.
        running.Cancel();
        await lost.CancelAsync();
        await stop.CancelAsync();
    }

    public async Task<TaskOutcome> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        called.SetResult(cancellationToken);
        await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellationToken);
        throw new InvalidOperationException("It waits for its end only.");
    }

    private Task<AttemptResult> RunAsync(
        OwnedTask running, TimeSpan left, CancellationToken lost, CancellationToken stop)
    {
        // The attempt never gets so far as to read a payload or to open a connection.
        var executor = new TaskExecutor(
            new ServiceRegistry([this]), new LiteralUpstreams(), null!, CallSetup.With(new HttpClient()), new AnswerMemory(1 << 20),
            new QueueOptions(), clock, NullLogger.Instance);
        var job = new ClaimedJob
        {
            Key = 1,
            JobId = TaskKey.NewJobId(clock.GetUtcNow()),
            LaneKey = 1,
            Service = TestJobs.Service,
            TaskType = "echo",
            Upstream = new Uri("http://127.0.0.1:9/echo"),
            Config = default,
            MaxAttempts = 3,
            Deadline = clock.GetUtcNow() + left,
            Version = 1,
        };
        return executor.RunAsync(
            new ClaimedTask(TaskKey.From(1, 0), job, 1, 1, 2, default, []), running, lost, stop);
    }
}
