using System.Collections.Concurrent;
using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Policies;
using StashAI.Queue.Store;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Upkeep;

/// <summary>
/// Leases, on a separate connection, which takes turns with the writers: SQLite's lock alone went to a writer with much to do again and
/// again, until leases were over.
/// </summary>
internal sealed class SqliteNodes(SqliteDatabase database) : INodes, IDisposable
{
    private const string Insert = """
        INSERT INTO nodes (name, host, process_id, started_at, lease_until, labels, role, version)
        VALUES (?1, ?2, ?3, stashai_now(), stashai_now() + ?4, ?5, ?6, ?7) RETURNING id
        """;

    private const string HasLock = "UPDATE nodes SET has_lock = 1 WHERE id = ?1";

    // A rescued node stays lost, even if the clock was set back in the meantime.
    private const string Extend =
        "UPDATE nodes SET lease_until = stashai_now() + ?2, running = ?3 WHERE id = ?1 AND lease_until > stashai_now() AND rescued = 0";

    private const string End = "UPDATE nodes SET lease_until = MIN(lease_until, stashai_now()), in_order = 1 WHERE id = ?1";

    private const string MarkReturned = "UPDATE nodes SET in_order = 1 WHERE id = ?1";

    private const string Now = "SELECT stashai_now()";

    private const string CancelRequested = "SELECT id FROM queue_tasks WHERE node_id = ?1 AND state = 2 /* "
        + "Running */ AND cancel_requested = 1";

    private readonly Lock gate = new();
    private readonly SqliteSession session = database.OpenWriter();
    private readonly WriterTurn turn = new(database.Path);
    private readonly ConcurrentDictionary<long, NodeLock> locks = [];

    public long Register(string name, TimeSpan lease, LabelSet? labels = null, long? formerKey = null, NodeProgram? program = null) =>
        InTurn(() =>
        {
            var id = session.Use(Insert).Bind(1, name).Bind(2, Environment.MachineName).Bind(3, Environment.ProcessId)
                .Bind(4, (long)lease.TotalMilliseconds).Bind(5, (labels ?? LabelSet.Empty).ToString())
                .Bind(6, program?.Role).Bind(7, program?.Version).Scalar()!.Value;
            if (NodeLock.TryTake(database.Path, id) is { } held)
            {
                locks[id] = held;
                held.OpenNotes();
                session.Use(HasLock).Bind(1, id).Run();
            }

            if (formerKey is { } before)
            {
                session.Use(MarkReturned).Bind(1, before).Run();
                if (locks.TryRemove(before, out var old)) old.Dispose();
            }

            return id;
        });

    public NodeHeartbeat Renew(long nodeKey, TimeSpan lease, int running = 0) => InTurn(() =>
    {
        var extended = session.Use(Extend).Bind(1, nodeKey).Bind(2, (long)lease.TotalMilliseconds).Bind(3, running).Run();
        if (extended == 0) return new NodeHeartbeat(false, []);
        var asked = new List<long>();
        var rows = session.Use(CancelRequested).Bind(1, nodeKey);
        while (rows.Step()) asked.Add(rows.Int64(0));
        return new NodeHeartbeat(true, asked) { Now = DateTimeOffset.FromUnixTimeMilliseconds(session.Use(Now).Scalar()!.Value) };
    });

    public void Leave(long nodeKey) => InTurn(() =>
    {
        session.Use(End).Bind(1, nodeKey).Run();
        if (locks.TryRemove(nodeKey, out var held)) held.Dispose();
        return true;
    });

    public int BeginCall(long nodeKey, long taskKey) => locks.TryGetValue(nodeKey, out var held) ? held.Begin(taskKey) : -1;

    public void EndCall(long nodeKey, int note)
    {
        if (locks.TryGetValue(nodeKey, out var held)) held.End(note);
    }

    public void Dispose()
    {
        lock (gate)
        {
            foreach (var held in locks.Values) held.Dispose();
            session.Dispose();
            turn.Dispose();
        }
    }

    private T InTurn<T>(Func<T> write)
    {
        lock (gate)
        {
            turn.Take();
            try
            {
                return write();
            }
            finally
            {
                turn.End();
            }
        }
    }
}
