using Microsoft.Extensions.Time.Testing;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies.Failures;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>One generated step: what to do, and two numbers that choose with what.</summary>
public readonly record struct QueueStep(int What, int A, int B);

/// <summary>Runs generated steps on a store and on the model, and compares them after each.</summary>
internal sealed class QueueSequence(IStoreHost host)
{
    private static readonly TaskEvent[] Outcomes =
    [
        TaskEvent.Succeed, TaskEvent.Succeed, TaskEvent.RetryLater, TaskEvent.Throttle, TaskEvent.Fail, TaskEvent.Release, TaskEvent.Abort,
    ];

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly QueueModel model = new();
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2031, 5, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly List<(long Node, ClaimedTask Task)> claims = [];
    private readonly List<long> nodes = [];

    /// <summary>The groups of tasks that failed by an outcome.</summary>
    private readonly Dictionary<long, long> groups = [];

    private IQueueStore[] stores = [];

    private DateTimeOffset Now => clock.GetUtcNow();

    public async Task RunAsync(IReadOnlyList<QueueStep> steps, CancellationToken cancellationToken)
    {
        stores = [await host.OpenAsync(clock, cancellationToken), await host.OpenAsync(clock, cancellationToken)];
        try
        {
            Register(0);
            Register(1);
            foreach (var step in steps)
            {
                await StepAsync(step, cancellationToken);
                await CompareAsync(cancellationToken);
            }
        }
        finally
        {
            foreach (var store in stores) await store.DisposeAsync();
        }
    }

    private Task StepAsync(QueueStep step, CancellationToken cancellationToken)
    {
        foreach (var task in groups.Keys.Where(key => model.Tasks[key].State != TaskState.Failed).ToList()) groups.Remove(task);
        return RunStepAsync(step, cancellationToken);
    }

    private Task RunStepAsync(QueueStep step, CancellationToken cancellationToken) => step.What switch
    {
        < 3 => EnqueueAsync(step, cancellationToken),
        < 8 => ClaimAsync(step, cancellationToken),
        < 15 => ApplyAsync(step, cancellationToken),
        < 17 => CancelTaskAsync(step, cancellationToken),
        < 18 => CancelJobAsync(step, cancellationToken),
        < 20 => PromoteAsync(step, cancellationToken),
        < 21 => RescueAsync(step, cancellationToken),
        < 22 => LoseAsync(step, cancellationToken),
        < 23 => RetryAsync(step, cancellationToken),
        < 24 => ChangeGroupAsync(step, cancellationToken),
        < 26 => RenewAsync(step),
        _ => CrashAsync(step, cancellationToken),
    };

    private async Task EnqueueAsync(QueueStep step, CancellationToken cancellationToken)
    {
        var parallel = step.B % 3 == 0 ? 1 + (step.A % 3) : int.MaxValue;
        DateTimeOffset? start = step.B % 5 == 0 ? Now.AddSeconds(step.A % 9) : null;
        var job = await Store(step).EnqueueAsync(
            nodes[^1],
            1 + (step.A % 6),
            TestJobs.Job with
            {
                MaxParallel = parallel,
                Priority = step.B % 3,
                Weight = 1 + (step.B % 4),
                IsSingleTask = step.B % 7 == 0,
                StartAt = start,
            },
            cancellationToken);
        model.MaxParallel.Add(job.Key, parallel);
        for (var i = 0; i < job.Total; i++) model.Add(TaskKey.From(job.Key, i), start > Now ? start : null);
    }

    private async Task ClaimAsync(QueueStep step, CancellationToken cancellationToken)
    {
        var (node, slots) = (nodes[step.A % nodes.Count], 1 + (step.B % 5));
        // What the process says of itself: a store that knows better would ask another table at every claim.
        var isIdle = step.B % 2 == 0;
        var expected = model.Claimable(node, slots, isIdle, Now);
        var batch = await Store(step).Work.ClaimAsync(
            new ClaimRequest { NodeKey = node, Slots = slots, Services = [TestJobs.Service], IsIdle = isIdle }, cancellationToken);

        Assert.Equal(expected, (batch.Suspect, batch.Tasks.Count));
        foreach (var task in batch.Tasks)
        {
            model.Claim(task.Key, node, Now);
            var predicted = model.Tasks[task.Key];
            Assert.Equal((predicted.Fence, predicted.Attempt, predicted.Version), (task.Fence, task.Attempt, task.Version));
            claims.Add((node, task));
        }
    }

    /// <summary>Applies one or several outcomes, of claims old and new: many are stale or repeated.</summary>
    private async Task ApplyAsync(QueueStep step, CancellationToken cancellationToken)
    {
        if (claims.Count == 0) return;
        var from = step.B % 2 == 0 ? Math.Max(0, claims.Count - 1 - (step.A % 4)) : step.A % claims.Count;
        var node = claims[from].Node;
        var results = claims.Skip(from).Take(1 + (step.B % 3)).Where(claim => claim.Node == node).Select((claim, i) => new AttemptResult
        {
            Task = claim.Task,
            Event = Outcomes[(step.A + i) % Outcomes.Length],
            ErrorKind = ErrorKind.ServiceError,
            ErrorMessage = $"Reason {(char)('a' + ((step.B + i) % 3))}",
            Delay = TimeSpan.FromSeconds(step.B % 12),
            Duration = TimeSpan.FromMilliseconds(5),
        }).ToList();
        var expected = results.ConvertAll(result => model.Apply(node, result.Task.Key, result.Task.Fence, result.Event, result.Delay, Now));

        foreach (var result in results.Where((result, i) =>
            expected[i] == ApplyStatus.Applied && model.Tasks[result.Task.Key].State == TaskState.Failed))
        {
            groups[result.Task.Key] = Failure.Of(result.ErrorKind, null, result.ErrorMessage).Fingerprint;
        }

        var applied = await Store(step).Work.ApplyAsync(node, results, cancellationToken);

        Assert.Equal(expected, applied.Statuses);
        Assert.Equal(expected.Count(status => status == ApplyStatus.Applied), applied.Changes.Tasks.Count);
    }

    private async Task CancelTaskAsync(QueueStep step, CancellationToken cancellationToken)
    {
        if (model.Tasks.Count == 0) return;
        var task = model.Tasks.Values.ElementAt(step.A % model.Tasks.Count);
        var expected = model.Cancel([task], Now);

        var result = await Store(step).Control.CancelTaskAsync(task.Key, cancellationToken);

        Assert.Equal(expected, (result.Cancelled, result.AbortRequested.Count));
    }

    private async Task CancelJobAsync(QueueStep step, CancellationToken cancellationToken)
    {
        if (model.MaxParallel.Count == 0) return;
        var job = model.MaxParallel.Keys.ElementAt(step.A % model.MaxParallel.Count);
        var expected = model.Cancel(model.Of(job), Now);

        var result = await Store(step).Control.CancelJobAsync(job, cancellationToken);

        Assert.Equal(expected, (result.Cancelled, result.AbortRequested.Count));
    }

    private async Task RetryAsync(QueueStep step, CancellationToken cancellationToken)
    {
        if (model.Tasks.Count == 0) return;
        var task = model.Tasks.Values.ElementAt(step.A % model.Tasks.Count);
        var (isJob, withCancelled) = (step.B % 3 == 0, step.B % 2 == 0);
        var expected = isJob ? model.Retry(model.Of(TaskKey.JobOf(task.Key)), withCancelled, Now) : model.Retry([task], true, Now);

        var result = isJob
            ? await Store(step).Control.RetryJobAsync(TaskKey.JobOf(task.Key), withCancelled, cancellationToken)
            : await Store(step).Control.RetryTaskAsync(task.Key, cancellationToken);

        Assert.Equal((expected, expected), (result.Retried, result.Changes.Tasks.Count));
    }

    /// <summary>Retries or skips one group of a job's failures.</summary>
    private async Task ChangeGroupAsync(QueueStep step, CancellationToken cancellationToken)
    {
        if (groups.Count == 0) return;
        var (key, fingerprint) = groups.OrderBy(one => one.Key).ElementAt(step.A % groups.Count);
        var job = TaskKey.JobOf(key);
        var tasks = model.Of(job).Where(task => groups.TryGetValue(task.Key, out var group) && group == fingerprint).ToList();
        var control = Store(step).Control;
        var isRetry = step.B % 2 == 0;
        if (isRetry) model.Retry(tasks, false, Now);
        else tasks.ForEach(task => task.Skip());

        var (result, next) = isRetry
            ? await control.RetryFailedAsync(job, new(fingerprint, Until: Now), 0, cancellationToken)
            : await control.SkipFailedAsync(job, new(fingerprint, Until: Now), 0, cancellationToken);

        Assert.Equal((tasks.Count, tasks.Count, null), (result.Retried, result.Changes.Tasks.Count, next));
    }

    private async Task PromoteAsync(QueueStep step, CancellationToken cancellationToken)
    {
        clock.Advance(TimeSpan.FromMilliseconds(step.A * 7));
        var expected = model.Promote(Now);

        var (changes, next) = await Store(step).Maintain.PromoteAsync(1000, cancellationToken);

        Assert.Equal(expected, changes.Tasks.Count);
        Assert.Equal(model.NextDue(), next);
    }

    private async Task RescueAsync(QueueStep step, CancellationToken cancellationToken)
    {
        var expected = model.Rescue(Now);
        Assert.Equal(expected, (await Store(step).Maintain.RescueAsync(1000, cancellationToken)).Tasks.Count);
    }

    /// <summary>A node falls silent for longer than its lease, or leaves; others may have been renewed.</summary>
    private async Task LoseAsync(QueueStep step, CancellationToken cancellationToken)
    {
        if (step.B % 2 == 0)
        {
            var node = nodes[step.A % nodes.Count];
            foreach (var store in stores) store.Nodes.Leave(node);
            model.Leases[node] = Now;
            model.InOrder.Add(node);
        }
        else
        {
            clock.Advance(Lease);
        }

        await RescueAsync(step, cancellationToken);
        Register(step.A % 2);
    }

    /// <summary>A node claims and is lost with what it holds, again and again: suspects, and in the end poisoned tasks.</summary>
    private async Task CrashAsync(QueueStep step, CancellationToken cancellationToken)
    {
        for (var i = 0; i <= step.A % 4; i++)
        {
            await ClaimAsync(step with { A = nodes.Count - 1, B = step.B * 2 }, cancellationToken);
            clock.Advance(Lease);
            await RescueAsync(step, cancellationToken);
            Register(step.A % 2);
        }
    }

    private Task RenewAsync(QueueStep step)
    {
        clock.Advance(TimeSpan.FromSeconds(step.B % 20));
        foreach (var node in nodes)
        {
            var isAlive = model.IsAlive(node, Now);
            if (isAlive) model.Leases[node] = Now + Lease;
            var heartbeat = Store(step).Nodes.Renew(node, Lease);
            Assert.Equal(isAlive, heartbeat.Alive);
            var asked = model.Tasks.Values.Where(task => isAlive && task.CancelRequested && task.Node == node).Select(task => task.Key);
            Assert.Equal(asked, heartbeat.CancelRequested.Order());
        }

        return Task.CompletedTask;
    }

    private void Register(int store)
    {
        var node = stores[store].Nodes.Register("node", Lease);
        nodes.Add(node);
        model.Leases.Add(node, Now + Lease);
    }

    private IQueueStore Store(QueueStep step) => stores[(step.A + step.B) % 2];

    private async Task CompareAsync(CancellationToken cancellationToken)
    {
        host.Verify();
        var tasks = await stores[0].Read.FindTasksAsync([.. model.Tasks.Keys], false, cancellationToken);
        Assert.Equal(
            model.Tasks.Values.Select(task => (task.Key, task.State, task.Attempt, task.Version, task.CancelRequested, task.Due)),
            tasks.Select(task => (task.Key, task.State, task.Attempt, task.Version, task.CancelRequested, task.DueAt)));
    }
}
