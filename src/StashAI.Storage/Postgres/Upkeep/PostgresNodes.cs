using Npgsql;
using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Policies;
using StashAI.Queue.Store;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Upkeep;

/// <summary>Leases, on a separate connection that no other work can delay. The next call reopens a broken connection.</summary>
internal sealed class PostgresNodes(PostgresDatabase database) : INodes, IDisposable
{
    private const string Insert = """
        INSERT INTO nodes (name, host, process_id, started_at, lease_until, labels, role, version)
        VALUES ($1, $2, $3, stashai_now(), stashai_now() + $4, $5, $6, $7) RETURNING id
        """;

    // A rescued node stays lost, even if the clock was set back in the meantime.
    private const string Extend =
        "UPDATE nodes SET lease_until = stashai_now() + $2, running = $3 WHERE id = $1 AND lease_until > stashai_now() AND "
        + "rescued = 0 RETURNING stashai_now()";

    private const string End = "UPDATE nodes SET lease_until = LEAST(lease_until, stashai_now()), in_order = 1 WHERE id = $1 RETURNING id";

    private const string MarkReturned = "UPDATE nodes SET in_order = 1 WHERE id = $1 RETURNING id";

    private const string CancelRequested =
        "SELECT id FROM queue_tasks WHERE cancel_requested = 1 AND state = 2 /* Running */ AND node_id = $1 ORDER BY id";

    private readonly Lock gate = new();
    private PostgresSession? session;

    public long Register(
        string name, TimeSpan lease, LabelSet? labels = null, long? formerKey = null, NodeProgram? program = null) => Use(open =>
    {
        using var batch = open.Batch().Add(
            Insert, Text(name), Text(Environment.MachineName), Value(Environment.ProcessId), Value((long)lease.TotalMilliseconds),
            Text((labels ?? LabelSet.Empty).ToString()), Text(program?.Role), Text(program?.Version));
        if (formerKey is { } before) batch.Add(MarkReturned, Value(before));
        using var rows = batch.Read();
        return Keys(rows)[0];
    });

    public NodeHeartbeat Renew(long nodeKey, TimeSpan lease, int running = 0) => Use(open =>
    {
        using var batch = open.Batch().Add(Extend, Value(nodeKey), Value((long)lease.TotalMilliseconds), Value(running))
            .Add(CancelRequested, Value(nodeKey));
        using var rows = batch.Read();
        var renewed = Keys(rows);
        var asked = Keys(rows);
        return renewed is [var now, ..]
            ? new NodeHeartbeat(true, asked) { Now = DateTimeOffset.FromUnixTimeMilliseconds(now) }
            : new NodeHeartbeat(false, []);
    });

    public void Leave(long nodeKey) => Use(open =>
    {
        using var batch = open.Batch().Add(End, Value(nodeKey));
        using var rows = batch.Read();
        return Keys(rows);
    });

    /// <remarks>
    /// A note that survives the process would cost a round trip. All calls of a lost node count as begun (docs/adr/0010).
    /// </remarks>
    public int BeginCall(long nodeKey, long taskKey) => -1;

    public void EndCall(long nodeKey, int note)
    {
    }

    public void Dispose()
    {
        lock (gate) session?.Dispose();
    }

    private T Use<T>(Func<PostgresSession, T> call)
    {
        lock (gate)
        {
            session ??= database.OpenDedicated();
            try
            {
                return call(session);
            }
            catch
            {
                session.Dispose();
                session = null;
                throw;
            }
        }
    }

    private static List<long> Keys(NpgsqlDataReader rows)
    {
        var keys = new List<long>();
        while (rows.Read()) keys.Add(rows.GetInt64(0));
        rows.NextResult();
        return keys;
    }
}
