using Microsoft.Extensions.Logging;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Queue.Services;
using StashAI.Queue.Settings;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Queue.Execution;

/// <summary>Runs one attempt at a task. It returns an outcome whatever the adapter does.</summary>
internal sealed class TaskExecutor(
    ServiceRegistry services, IUpstreamResolver upstreams, IRead store, CallSetup setup, AnswerMemory answers, QueueOptions options,
    TimeProvider clock, ILogger logger)
{
    /// <summary>Timers may fire a moment early; without slack, the freed slot would start one more call before the deadline.</summary>
    private static readonly TimeSpan TimerSlack = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan NotReadyPause = TimeSpan.FromSeconds(1);

    private const string OutOfMemoryMessage =
        "The server ran out of memory during the call; it tries again. Give it more memory, or send smaller items.";

    /// <summary>A larger cost is not one: sums must stay exact.</summary>
    private const decimal MaxCost = 1_000_000_000_000;

    private readonly SubjectReader subjects = new(services, logger);

    /// <param name="running">Tells whether the task is cancelled, and aborts its call.</param>
    /// <param name="lost">Cancelled when the lease is lost.</param>
    /// <param name="payloads">The task's binary parts; null when they are in the store.</param>
    /// <param name="pack">The pack whose tasks share the call; null for a call of a single task.</param>
    /// <param name="onStarted">Called when the adapter has begun.</param>
    public Task<AttemptResult> RunAsync(
        ClaimedTask task,
        OwnedTask running,
        CancellationToken lost,
        CancellationToken stop,
        IReadOnlyList<TaskPayload>? payloads = null,
        TaskPack? pack = null,
        Action? onStarted = null) =>
        QueueTraces.IsOn
            ? RunTracedAsync(task, running, payloads, pack, onStarted, lost, stop)
            : AttemptAsync(task, running, payloads, pack, onStarted, lost, stop);

    /// <summary>The end of a task whose result another task has computed.</summary>
    public AttemptResult Reuse(ClaimedTask task, KnownResult known)
    {
        var result = Result(
            task, new TaskOutcome.Completed(known.Output, new CallReport(known.HttpStatus)) { Derived = known.Derived }, TimeSpan.Zero);
        return result with { IsCached = true, Part = result.Part is { Fold.CountsCalls: true } ? null : result.Part };
    }

    private async Task<AttemptResult> RunTracedAsync(
        ClaimedTask task, OwnedTask running, IReadOnlyList<TaskPayload>? payloads, TaskPack? pack, Action? onStarted,
        CancellationToken lost, CancellationToken stop)
    {
        var span = QueueTraces.Begin(task);
        var result = await AttemptAsync(task, running, payloads, pack, onStarted, lost, stop);
        QueueTraces.End(span, result);
        return result;
    }

    private async Task<AttemptResult> AttemptAsync(
        ClaimedTask task, OwnedTask running, IReadOnlyList<TaskPayload>? payloads, TaskPack? pack, Action? onStarted,
        CancellationToken lost, CancellationToken stop)
    {
        var started = clock.GetTimestamp();
        var timeout = TimeSpan.Zero;
        var isLast = false;
        var kept = 0;
        try
        {
            var adapter = services.FindCallable(task.Job.Service)!;
            timeout = adapter.Manifest.AttemptTimeoutOf(task.Job.TaskType);
            var left = task.Job.Deadline - clock.GetUtcNow();
            if (left <= TimeSpan.Zero) return PastDeadline(task, OutcomeRules.DeadlineBeforeRun);
            isLast = left < timeout;
            var call = running.BeginCall(isLast ? left!.Value + TimerSlack : timeout, clock, lost, stop, isFirm: isLast);
            call.ThrowIfCancellationRequested();
            var outcome = upstreams.Resolve(task.Job.Upstream) is { } upstream
                ? await ExecuteAsync(adapter, task, running, upstream, payloads, pack, onStarted, call)
                : new TaskOutcome.Throttled(NotReadyPause, $"The {task.Job.Service} service is not ready yet.", CallReport.None);
            if (outcome is TaskOutcome.Completed done) kept = done.Output.Length;
            return Result(task, outcome, clock.GetElapsedTime(started));
        }
        catch (OperationCanceledException) when (running.IsCancelled)
        {
            return new AttemptResult
            {
                Task = task,
                Event = TaskEvent.Abort,
                ErrorKind = ErrorKind.Cancelled,
                ErrorMessage = OutcomeRules.CancelledWhileRunning,
                Duration = clock.GetElapsedTime(started),
            };
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested || stop.IsCancellationRequested)
        {
            return new AttemptResult { Task = task, Event = TaskEvent.Release };
        }
        catch (OperationCanceledException) when (isLast && running.IsAborted)
        {
            return PastDeadline(task, OutcomeRules.DeadlineWhileRunning) with { Duration = clock.GetElapsedTime(started) };
        }
        catch (OperationCanceledException) when (running.IsAborted)
        {
            var message = $"The service did not answer within {timeout.TotalSeconds:0.#} s.";
            return Retry(task, ErrorKind.Timeout, message, CallReport.None) with { Duration = clock.GetElapsedTime(started) };
        }
        catch (Exception exception) when (IsOutOfMemory(exception))
        {
            // Whatever the attempt's number: neither the item nor the service is to blame.
            return Retry(task, ErrorKind.AdapterFault, OutOfMemoryMessage, CallReport.None) with
            {
                Event = TaskEvent.RetryLater,
                IsOutOfMemory = true,
                Duration = clock.GetElapsedTime(started),
            };
        }
        catch (PayloadFileException exception)
        {
            // Whatever the attempt's number: a disk or a server that is away comes back, and neither the item nor the service is to blame.
            return Retry(task, ErrorKind.AdapterFault, exception.Message, CallReport.None) with
            {
                Event = TaskEvent.RetryLater,
                Duration = clock.GetElapsedTime(started),
            };
        }
        catch (Exception exception)
        {
            return Retry(task, ErrorKind.AdapterFault, $"{exception.GetType().Name}: {exception.Message}", CallReport.None) with
            {
                Duration = clock.GetElapsedTime(started),
            };
        }
        finally
        {
            running.EndCall();
            running.KeepAnswer(kept);
        }
    }

    private async Task<TaskOutcome> ExecuteAsync(
        IServiceAdapter adapter, ClaimedTask task, OwnedTask running, Uri upstream, IReadOnlyList<TaskPayload>? payloads, TaskPack? pack,
        Action? onStarted, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> config;
        try
        {
            config = adapter.Manifest.SecretConfig.Count == 0
                ? task.Job.Config
                : setup.Secrets.Decrypt(task.Job.Service, task.Job.Config, adapter.Manifest.SecretConfig);
        }
        catch (InvalidOperationException exception)
        {
            return new TaskOutcome.Failed(ErrorKind.InvalidInput, exception.Message, CallReport.None);
        }

        var parts = payloads ?? await PayloadsAsync(task, adapter.Manifest, cancellationToken);
        ReadOnlyMemory<byte> input;
        try
        {
            input = await InputAsync(task, cancellationToken);
        }
        catch (PayloadLostException exception)
        {
            return Unreadable(exception);
        }

        var receiver = setup.ReceiverOf(task.Job.TaskType, config);
        running.AnswerMemory = answers;
        var context = Context(task, running, input, upstream, config, parts, pack, receiver);
        var isWhole = false;
        try
        {
            var call = adapter.ExecuteAsync(context, cancellationToken);
            onStarted?.Invoke();
            var outcome = await call;
            isWhole = outcome is TaskOutcome.Completed;
            return isWhole ? outcome : Unreadable(parts) ?? outcome;
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or PayloadFileException) && HasUnreadable(parts))
        {
            return Unreadable(parts)!;
        }
        finally
        {
            receiver?.End(isWhole);
        }
    }

    /// <summary>What a part that could not be read means, whatever the adapter made of it: the service is not to blame.</summary>
    /// <exception cref="PayloadFileException">It can be read later.</exception>
    private static TaskOutcome.Failed? Unreadable(IReadOnlyList<TaskPayload> payloads)
    {
        for (var i = 0; i < payloads.Count; i++)
        {
            if (payloads[i] is StoredPayload { Failure: { } failure }) return Unreadable(failure);
        }

        return null;
    }

    private static TaskOutcome.Failed Unreadable(Exception failure) => failure is PayloadLostException
        ? new TaskOutcome.Failed(ErrorKind.InvalidInput, failure.Message, CallReport.None)
        : throw failure;

    private static bool HasUnreadable(IReadOnlyList<TaskPayload> payloads)
    {
        for (var i = 0; i < payloads.Count; i++)
        {
            if (payloads[i] is StoredPayload { Failure: not null }) return true;
        }

        return false;
    }

    private static bool IsOutOfMemory(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is OutOfMemoryException) return true;
        }

        return false;
    }

    private static AttemptResult PastDeadline(ClaimedTask task, string message) => new()
    {
        Task = task,
        Event = TaskEvent.Fail,
        ErrorKind = ErrorKind.DeadlineExceeded,
        ErrorMessage = message,
    };

    /// <summary>The task's input; one that the claim left in the store is read now.</summary>
    private async ValueTask<ReadOnlyMemory<byte>> InputAsync(ClaimedTask task, CancellationToken cancellationToken)
    {
        if (task.LargeInputBytes == 0) return task.Input;
        return await store.FindTasksAsync([task.Key], withOutput: false, cancellationToken) is [var stored]
            ? await store.ReadInputAsync(stored, cancellationToken)
            : throw new PayloadLostException("The item was removed with its job.");
    }

    private TaskContext Context(
        ClaimedTask task, OwnedTask running, ReadOnlyMemory<byte> input, Uri upstream, ReadOnlyMemory<byte> config,
        IReadOnlyList<TaskPayload> payloads, TaskPack? pack, IAnswerReceiver? receiver)
    {
        var isConfigured = upstreams.IsConfigured(task.Job.Service, task.Job.Upstream);
        return new()
        {
            TaskId = task.TaskId,
            JobId = task.Job.JobId,
            Ordinal = TaskKey.OrdinalOf(task.Key),
            Attempt = task.Attempt,
            TaskType = task.Job.TaskType,
            Upstream = upstream,
            Input = input,
            Config = config,
            Payloads = payloads,
            Pack = pack,
            IsConfigured = isConfigured,
            Http = isConfigured ? setup.ConfiguredClient : setup.JobClient,
            Fetch = setup.FetchClientFor(upstream),
            OnAnswer = receiver is null ? null : receiver.AddAsync,
            Memory = running,
        };
    }

    private async ValueTask<TaskPayload[]> PayloadsAsync(ClaimedTask task, AdapterManifest manifest, CancellationToken cancellationToken)
    {
        var own = Payloads(task.Payloads);
        return HasJobParts(manifest, task.Job.TaskType)
            ? [.. own, .. Payloads(await store.ListPayloadsAsync(TaskKey.From(task.Job.Key, TaskKey.JobParts), cancellationToken))]
            : own;
    }

    private static bool HasJobParts(AdapterManifest manifest, string taskType)
    {
        for (var i = 0; i < manifest.Operations.Count; i++)
        {
            if (manifest.Operations[i].TaskType == taskType) return manifest.Operations[i].HasJobParts;
        }

        return false;
    }

    private TaskPayload[] Payloads(IReadOnlyList<PayloadRef> payloads)
    {
        if (payloads.Count == 0) return [];
        var stored = new TaskPayload[payloads.Count];
        for (var i = 0; i < stored.Length; i++)
        {
            var payload = payloads[i];
            stored[i] = payload.Bytes.IsEmpty
                ? new StoredPayload(store, payload) { Slot = payload.Slot, DataUrlPrefix = payload.DataUrlPrefix, Size = payload.Size }
                : new ClaimedPayload(payload.Bytes) { Slot = payload.Slot, DataUrlPrefix = payload.DataUrlPrefix, Size = payload.Size };
        }

        return stored;
    }

    private AttemptResult Result(ClaimedTask task, TaskOutcome outcome, TimeSpan duration) =>
        outcome is TaskOutcome.Completed done ? Success(task, done, duration) : Failure(task, outcome) with { Duration = duration };

    private AttemptResult Success(ClaimedTask task, TaskOutcome.Completed done, TimeSpan duration) => new()
    {
        Task = task,
        Event = TaskEvent.Succeed,
        Output = done.Output,
        Derived = done.Derived.Length <= IResultRematch.MaxDerivedBytes ? done.Derived : default,
        Cost = done.Cost is >= 0 and <= MaxCost ? done.Cost : null,
        Part = Part(task, done.Output),
        Subjects = subjects.Read(task.Job.Service, task.Job.TaskType, task.TaskId, done.Output),
        Call = done.Call,
        Duration = duration,
    };

    private AttemptResult Failure(ClaimedTask task, TaskOutcome outcome) => outcome switch
    {
        TaskOutcome.Retry retry => Retry(task, retry.Kind, retry.Message, retry.Call),
        TaskOutcome.Throttled throttled => new AttemptResult
        {
            Task = task,
            Event = TaskEvent.Throttle,
            ErrorKind = ErrorKind.Throttled,
            ErrorMessage = OutcomeRules.Shorten(throttled.Message),
            Call = throttled.Call,
            Delay = OutcomeRules.ThrottleDelay(throttled.RetryAfter, options.MaxPause)
                ?? options.Retry.ThrottleDelayAfter(task.Attempt, Random.Shared.NextDouble()),
            GrowsUpTo = throttled.RetryAfter is null ? options.Retry.Cap : TimeSpan.Zero,
        },
        TaskOutcome.Failed failed => new AttemptResult
        {
            Task = task,
            Event = TaskEvent.Fail,
            ErrorKind = failed.Kind,
            ErrorMessage = OutcomeRules.Shorten(failed.Message),
            Call = failed.Call,
        },
        _ => throw new InvalidOperationException($"The adapter returned an unknown outcome: {outcome.GetType()}."),
    };

    private ResultPart? Part(ClaimedTask task, ReadOnlyMemory<byte> output)
    {
        try
        {
            return services.FindFold(task.Job.Service, task.Job.TaskType) is { } fold
                ? new ResultPart(fold, fold.Map(TaskKey.OrdinalOf(task.Key), output))
                : null;
        }
        catch (Exception exception)
        {
            // The user paid for the answer: it must not be lost because the aggregate cannot be computed.
            Log.ResultNotFolded(logger, task.TaskId, exception.Message);
            return null;
        }
    }

    private AttemptResult Retry(ClaimedTask task, ErrorKind kind, string message, CallReport call) => new()
    {
        Task = task,
        Event = OutcomeRules.AfterFailure(task.Attempt, task.Job.MaxAttempts),
        ErrorKind = kind,
        ErrorMessage = OutcomeRules.Shorten(message),
        Call = call,
        Delay = options.Retry.DelayAfter(task.Attempt, Random.Shared.NextDouble()),
    };
}
