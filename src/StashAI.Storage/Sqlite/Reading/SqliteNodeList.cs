using StashAI.Queue.Model.Nodes;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Reading;

/// <summary>The list of processes that are alive.</summary>
internal static class SqliteNodeList
{
    private const string Alive = """
        SELECT id, name, host, process_id, role, version, labels, running, started_at, lease_until FROM nodes
        WHERE rescued = 0 AND lease_until > stashai_now() ORDER BY id DESC
        """;

    public static IReadOnlyList<NodeView> List(SqliteSession session)
    {
        var nodes = new List<NodeView>();
        var row = session.Use(Alive);
        while (row.Step())
        {
            nodes.Add(new NodeView(
                row.Int64(0), row.Text(1), row.Text(2), row.Int32(3), new NodeProgram(row.TextOrNull(4), row.TextOrNull(5)),
                row.Text(6).Split(',', StringSplitOptions.RemoveEmptyEntries), row.Int32(7),
                DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(8)), DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(9))));
        }

        return nodes;
    }
}
