using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Failures;
using StashAI.Sdk;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Sqlite.Units;

namespace StashAI.Storage.Sqlite.Upkeep;

/// <summary>
/// Makes the tasks of lost nodes available again. Calls that had begun count as crashes, unless the node left or came back.
/// </summary>
internal static class SqliteRescue
{
    private const string LockedNodes = "SELECT id FROM nodes WHERE rescued = 0 AND has_lock = 1";

    private const string EndDeadLease = "UPDATE nodes SET lease_until = MIN(lease_until, stashai_now()) WHERE id = ?1";

    private const string LostNodes = "SELECT id, in_order FROM nodes WHERE rescued = 0 AND lease_until <= stashai_now()";

    private const string FindRunning =
        "SELECT id, fence, crashes, cancel_requested FROM queue_tasks WHERE node_id = ?1 AND state = 2 /* Running */ ORDER BY id LIMIT ?2";

    private const string SaveAttempt = """
        INSERT OR IGNORE INTO task_attempts
            (task_id, fence, attempt, node_id, started_at, ended_at, event, error_kind, error_message)
        SELECT id, fence, attempt, node_id, started_at, stashai_now(), ?2, ?3, ?4 FROM queue_tasks WHERE id = ?1
        """;

    // Guarded (S7): only a task of a node whose lease has expired.
    private const string TakeBack = """
        UPDATE queue_tasks SET state = ?2, version = version + 1, attempt = attempt - ?3, crashes = crashes + ?4,
            requeued = CASE WHEN crashes + ?4 >= ?5 THEN 2 ELSE 1 END, error_kind = ?6, error_message = ?7,
            finished_at = CASE WHEN ?2 >= 3 THEN stashai_now() END, cancel_requested = 0,
            fingerprint = ?9,
            -- A result that comes late must find that the claim is no longer its own.
            node_id = NULL
        WHERE id = ?1 AND state = 2 /* Running */ AND (?8 = 1 OR EXISTS (SELECT 1 FROM nodes WHERE nodes.id = node_id
            AND lease_until <= stashai_now()))
        RETURNING version
        """;

    private const string CloseNode = "UPDATE nodes SET rescued = 1 WHERE id = ?1";

    /// <summary>The nodes whose lock files may prove that they are dead.</summary>
    public static List<long> FindLocked(SqliteSession session)
    {
        var keys = new List<long>();
        var rows = session.Use(LockedNodes);
        while (rows.Step()) keys.Add(rows.Int64(0));
        return keys;
    }

    /// <summary>Rescues up to <paramref name="limit"/> tasks; also returns the nodes that have none left.</summary>
    public static (ChangeSet Changes, HashSet<long> Closed) Run(SqliteSession session, int limit, RescueScope scope, List<NodeLock> dead)
    {
        foreach (var node in dead) session.Use(EndDeadLease).Bind(1, node.NodeKey).Run();
        var lost = new List<(long Key, bool InOrder, NodeLock? Proof)>();
        var nodes = session.Use(LostNodes);
        while (nodes.Step())
        {
            var (key, inOrder) = (nodes.Int64(0), nodes.Int32(1) != 0);
            var proof = dead.Find(node => node.NodeKey == key);
            if (inOrder || proof is not null || scope == RescueScope.Expired) lost.Add((key, inOrder, proof));
        }

        var unit = new SqliteUnit(session);
        var closed = new HashSet<long>();
        foreach (var (key, inOrder, proof) in lost)
        {
            if (limit <= 0) break;
            var held = FindRunningOf(session, key, limit);
            foreach (var task in held) GiveBack(session, unit, task, isCrash: !inOrder && proof?.BegunTasks?.Contains(task.Key) != false);
            if (held.Count < limit)
            {
                session.Use(CloseNode).Bind(1, key).Run();
                closed.Add(key);
            }

            limit -= held.Count;
        }

        return (unit.Finish(), closed);
    }

    /// <summary>Makes tasks available again that a live node does not know it has claimed.</summary>
    public static ChangeSet ReleaseUnknown(SqliteSession session, long node, IReadOnlySet<(long TaskKey, int Fence)> known)
    {
        var unit = new SqliteUnit(session);
        foreach (var task in FindRunningOf(session, node, int.MaxValue))
        {
            if (!known.Contains((task.Key, task.Fence))) GiveBack(session, unit, task, isCrash: false, isAlive: true);
        }

        return unit.Finish();
    }

    private static List<RunningRow> FindRunningOf(SqliteSession session, long node, int limit)
    {
        var held = new List<RunningRow>();
        var rows = session.Use(FindRunning).Bind(1, node).Bind(2, limit);
        while (rows.Step()) held.Add(new RunningRow(rows.Int64(0), rows.Int32(1), rows.Int32(2), rows.Int32(3) != 0));
        return held;
    }

    private static void GiveBack(SqliteSession session, SqliteUnit unit, RunningRow task, bool isCrash, bool isAlive = false)
    {
        var isPoisoned = isCrash && !task.IsCancelled && task.Crashes >= Quarantine.SuspectCrashes;
        var taskEvent = isPoisoned ? TaskEvent.Poison : isCrash ? TaskEvent.LoseLease : TaskEvent.Release;
        var transition = TaskStateMachine.Find(TaskState.Running, taskEvent)!;
        var to = task.IsCancelled ? TaskState.Cancelled : transition.To;
        var kind = task.IsCancelled ? ErrorKind.Cancelled : isPoisoned ? ErrorKind.Poisoned : ErrorKind.None;
        var message = isPoisoned ? Quarantine.PoisonedMessage : null;
        if (isCrash)
        {
            session.Use(SaveAttempt).Bind(1, task.Key).Bind(2, (int)taskEvent).Bind(3, (int)(isPoisoned ? kind : ErrorKind.None))
                .Bind(4, message ?? Quarantine.LostMessage).Run();
        }

        var failure = to == TaskState.Failed ? Failure.Of(kind, null, message) : null;
        var crashes = isCrash ? 1 : 0;
        var version = session.Use(TakeBack).Bind(1, task.Key).Bind(2, (int)to)
            .Bind(3, transition.Effect.HasFlag(TaskEffect.GiveAttemptBack) ? 1 : 0).Bind(4, crashes).Bind(5, Quarantine.SuspectCrashes)
            .Bind(6, (int)kind).Bind(7, message).Bind(8, isAlive ? 1 : 0).Bind(9, failure?.Fingerprint).Scalar();
        if (version is not { } after) return;
        var delta = unit.Job(TaskKey.JobOf(task.Key));
        delta.Move(TaskState.Running, to);
        if (to == TaskState.Available && task.Crashes + crashes < Quarantine.SuspectCrashes) delta.Requeued++;
        if (failure is not null) delta.Failed(failure, task.Key);
        unit.Changed(task.Key, (int)after, to);
    }

    private readonly record struct RunningRow(long Key, int Fence, int Crashes, bool IsCancelled);
}
