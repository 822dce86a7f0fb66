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
        var attempt = RunAsync(running, TimeSpan.FromSeconds(10));
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

        var result = await RunAsync(running, TimeSpan.Zero);

        Assert.Equal((TaskEvent.Fail, ErrorKind.DeadlineExceeded), (result.Event, result.ErrorKind));
        Assert.False(called.Task.IsCompleted);
    }

    public async Task<TaskOutcome> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        called.SetResult(cancellationToken);
        await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellationToken);
        throw new InvalidOperationException("It waits for its end only.");
    }

    private Task<AttemptResult> RunAsync(OwnedTask running, TimeSpan left)
    {
        // The attempt never gets so far as to read a payload or to open a connection.
        var executor = new TaskExecutor(
            new ServiceRegistry([this]), new LiteralUpstreams(), null!, CallSetup.With(new HttpClient()), new QueueOptions(), clock,
            NullLogger.Instance);
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
            new ClaimedTask(TaskKey.From(1, 0), job, 1, 1, 2, default, []), running, CancellationToken.None, CancellationToken.None);
    }
}
