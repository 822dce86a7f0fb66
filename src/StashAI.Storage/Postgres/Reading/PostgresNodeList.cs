using Npgsql;
using StashAI.Queue.Model.Nodes;
using StashAI.Storage.Postgres.Database;

namespace StashAI.Storage.Postgres.Reading;

/// <summary>The list of processes that are alive.</summary>
internal static class PostgresNodeList
{
    private const string Alive = """
        SELECT id, name, host, process_id, role, version, labels, running, started_at, lease_until FROM nodes
        WHERE rescued = 0 AND lease_until > stashai_now() ORDER BY id DESC
        """;

    public static async Task<IReadOnlyList<NodeView>> ListAsync(PostgresSession session, CancellationToken cancellationToken)
    {
        await using var batch = session.Batch().Add(Alive);
        return await PostgresRows.ListAsync(batch, Read, cancellationToken);
    }

    private static NodeView Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt32(3),
        new NodeProgram(PostgresRows.TextOrNull(row, 4), PostgresRows.TextOrNull(row, 5)),
        row.GetString(6).Split(',', StringSplitOptions.RemoveEmptyEntries), row.GetInt32(7),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(8)), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(9)));
}
