using StashAI.Queue.Model.Lanes;
using StashAI.Storage.Postgres.Database;

namespace StashAI.Storage.Postgres.Reading;

internal static class PostgresLanes
{
    private const string All = """
        SELECT id, service, authority, (SELECT COALESCE(SUM(running), 0) FROM queue_jobs WHERE lane_id = lanes.id AND is_running)::int,
            blocked_until, circuit_state, circuit_until
        FROM lanes ORDER BY id
        """;

    public static async Task<IReadOnlyList<LaneView>> ListAsync(PostgresSession session, CancellationToken cancellationToken)
    {
        var lanes = new List<LaneView>();
        await using var batch = session.Batch().Add(All);
        await using var rows = await batch.ReadAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            var state = (CircuitState)rows.GetInt16(5);
            lanes.Add(new LaneView
            {
                Key = rows.GetInt64(0),
                Service = rows.GetString(1),
                Authority = rows.GetString(2),
                Running = rows.GetInt32(3),
                BlockedUntil = DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(4)),
                Circuit = state,
                NextProbeAt = state == CircuitState.Closed || rows.GetInt64(6) == 0
                    ? null
                    : DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(6)),
            });
        }

        return lanes;
    }
}
