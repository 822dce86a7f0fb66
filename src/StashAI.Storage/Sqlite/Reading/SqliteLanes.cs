using StashAI.Queue.Model.Lanes;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Reading;

internal static class SqliteLanes
{
    private const string All = """
        SELECT id, service, authority, (SELECT SUM(running) FROM queue_jobs WHERE lane_id = lanes.id AND running > 0),
            blocked_until, circuit_state, circuit_until
        FROM lanes ORDER BY id
        """;

    public static IReadOnlyList<LaneView> List(SqliteSession session)
    {
        var lanes = new List<LaneView>();
        var rows = session.Use(All);
        while (rows.Step())
        {
            var state = (CircuitState)rows.Int32(5);
            lanes.Add(new LaneView
            {
                Key = rows.Int64(0),
                Service = rows.Text(1),
                Authority = rows.Text(2),
                Running = rows.Int32(3),
                BlockedUntil = DateTimeOffset.FromUnixTimeMilliseconds(rows.Int64(4)),
                Circuit = state,
                NextProbeAt = state == CircuitState.Closed || rows.Int64(6) == 0
                    ? null
                    : DateTimeOffset.FromUnixTimeMilliseconds(rows.Int64(6)),
            });
        }

        return lanes;
    }
}
