using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Storage.Tests.Contract;

/// <summary>The queue in memory, as plain as it can be: it predicts what each store call must answer and leave behind.</summary>
internal sealed class QueueModel
{
    private readonly Dictionary<long, DateTimeOffset> starts = [];

    public SortedDictionary<long, ModelTask> Tasks { get; } = [];

    public Dictionary<long, int> MaxParallel { get; } = [];

    public Dictionary<long, DateTimeOffset> Leases { get; } = [];

    /// <summary>Nodes that left, or came back under another key.</summary>
    public HashSet<long> InOrder { get; } = [];

    /// <summary>The suspect that each node runs alone or lets its other work end for.</summary>
    public Dictionary<long, long> Calls { get; } = [];

    public DateTimeOffset BlockedUntil { get; private set; }

    public bool IsAlive(long node, DateTimeOffset now) => Leases.TryGetValue(node, out var until) && until > now;

    /// <summary>What a claim must return: a suspect, or how many tasks; fairness decides which, the limits how many.</summary>
    public (long? Suspect, int Count) Claimable(long node, int slots, bool isIdle, DateTimeOffset now)
    {
        if (!IsAlive(node, now)) return (null, 0);
        if (Calls.TryGetValue(node, out var own) && Tasks[own].State == TaskState.Running && Tasks[own].Node == node) return (own, 0);
        var isOpen = BlockedUntil <= now;
        var suspects = isOpen ? Tasks.Values.Where(task => task.IsSuspect).ToList() : [];
        var choice = suspects.FirstOrDefault(task => Caller(task.Key, now) == node)
            ?? suspects.FirstOrDefault(task => HasRoom(task) && Caller(task.Key, now) is null)
            ?? (isIdle ? suspects.FirstOrDefault(HasRoom) : null);
        Calls.Remove(node);
        if (choice is not null)
        {
            Calls[node] = choice.Key;
            return (choice.Key, isIdle && HasRoom(choice) ? 1 : 0);
        }

        var free = !isOpen ? 0 : MaxParallel.Sum(job =>
        {
            var tasks = Of(job.Key).ToList();
            var running = tasks.Count(task => task.State == TaskState.Running);
            var called = tasks.Count(task => task.IsSuspect && Caller(task.Key, now) is not null);
            return Math.Min(
                tasks.Count(task => task.State == TaskState.Available && !task.IsSuspect), Math.Max(0, job.Value - running - called));
        });
        return (null, Math.Min(slots, free));
    }

    private bool HasRoom(ModelTask task)
    {
        var job = TaskKey.JobOf(task.Key);
        return Of(job).Count(other => other.State == TaskState.Running) < MaxParallel[job];
    }

    private long? Caller(long suspect, DateTimeOffset now)
    {
        var nodes = Calls.Where(call => call.Value == suspect && IsAlive(call.Key, now)).Select(call => call.Key).ToList();
        return nodes.Count == 0 ? null : nodes.Min();
    }

    public void Claim(long key, long node, DateTimeOffset now)
    {
        Tasks[key].Move(TaskEvent.Claim, now);
        Tasks[key].Node = node;
    }

    public ApplyStatus Apply(long node, long key, int fence, TaskEvent how, TimeSpan delay, DateTimeOffset now)
    {
        var task = Tasks[key];
        if (task.Node != node || task.Fence != fence) return ApplyStatus.LeaseLost;
        if (task.State != TaskState.Running) return ApplyStatus.AlreadyApplied;
        var isAborted = task.CancelRequested && how is not (TaskEvent.Succeed or TaskEvent.Fail);
        task.Move(isAborted ? TaskEvent.Abort : how, now, delay);
        if (!isAborted && how == TaskEvent.Throttle && now + delay > BlockedUntil) BlockedUntil = now + delay;
        return ApplyStatus.Applied;
    }

    public (int Cancelled, int Flagged) Cancel(IEnumerable<ModelTask> tasks, DateTimeOffset now)
    {
        var (cancelled, flagged) = (0, 0);
        foreach (var task in tasks)
        {
            if (task.State is TaskState.Available or TaskState.Scheduled) cancelled++;
            else if (task is { State: TaskState.Running, CancelRequested: false }) flagged++;
            else continue;
            task.Move(TaskEvent.AskCancel, now);
        }

        return (cancelled, flagged);
    }

    public int Retry(IEnumerable<ModelTask> tasks, bool withCancelled, DateTimeOffset now)
    {
        var ended = tasks.Where(task => task.State == TaskState.Failed || (withCancelled && task.State == TaskState.Cancelled)).ToList();
        foreach (var task in ended)
        {
            task.Move(TaskEvent.RetryByPerson, now);
            if (starts.TryGetValue(TaskKey.JobOf(task.Key), out var at)) task.Wait(at);
        }

        return ended.Count;
    }

    public void Add(long key, DateTimeOffset? start)
    {
        var task = new ModelTask { Key = key };
        Tasks.Add(key, task);
        if (start is not { } at) return;
        starts[TaskKey.JobOf(key)] = at;
        task.Wait(at);
    }

    /// <summary>When the next task is due, or the next job starts, whether or not anything of it is left.</summary>
    public DateTimeOffset? NextDue()
    {
        var due = Tasks.Values.Where(task => task.State == TaskState.Scheduled)
            .Select(task => task.Due!.Value).Concat(starts.Values).ToList();
        return due.Count == 0 ? null : due.Min();
    }

    public int Promote(DateTimeOffset now)
    {
        foreach (var job in starts.Where(start => start.Value <= now).Select(start => start.Key).ToList())
        {
            starts.Remove(job);
            foreach (var task in Of(job).Where(task => task.State == TaskState.Scheduled)) task.Start();
        }

        var due = Tasks.Values.Where(task => task.State == TaskState.Scheduled && task.Due <= now).ToList();
        foreach (var task in due) task.Move(TaskEvent.Due, now);
        return due.Count;
    }

    public int Rescue(DateTimeOffset now)
    {
        var lost = Tasks.Values.Where(task => task.State == TaskState.Running && !IsAlive(task.Node!.Value, now)).ToList();
        foreach (var task in lost)
        {
            var wasAsked = task.CancelRequested;
            var isCrash = !InOrder.Contains(task.Node!.Value);
            task.Move(!isCrash ? TaskEvent.Release : task.Crashes >= 2 && !wasAsked ? TaskEvent.Poison : TaskEvent.LoseLease, now);
            if (wasAsked) task.State = TaskState.Cancelled;
            task.Node = null;
        }

        return lost.Count;
    }

    public IEnumerable<ModelTask> Of(long jobKey) => Tasks.Values.Where(task => TaskKey.JobOf(task.Key) == jobKey);
}
