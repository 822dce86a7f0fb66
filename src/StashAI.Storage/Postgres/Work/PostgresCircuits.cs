using Npgsql;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Circuits;
using StashAI.Sdk;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Postgres.Units;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Work;

/// <summary>
/// The circuits that one transaction changes. Their rows are locked and read once (<see cref="LockLanes"/>, before any job is locked),
/// changed by the policy's table, and written if they differ.
/// </summary>
internal sealed class PostgresCircuits
{
    /// <summary>Locks lanes in id order and reads their circuits. $1: their keys.</summary>
    public const string LockLanes = """
        SELECT l.id, l.circuit_state, l.circuit_failures, l.circuit_suspects, l.circuit_pauses, l.circuit_until, l.service, l.authority,
            s.circuit_failures, s.circuit_first_pause, s.circuit_longest_pause, s.health_path IS NOT NULL, stashai_now(), l.origin, s.health_path, l.answers
        FROM lanes l LEFT JOIN services s ON s.name = l.service WHERE l.id = ANY ($1) ORDER BY l.id FOR NO KEY UPDATE OF l
        """;

    /// <summary>Selects the lanes whose circuit an answer would change, without locking. $1: keys to choose from.</summary>
    public const string Unsettled = """
        SELECT id FROM lanes WHERE id = ANY ($1) AND circuit_state <> 1 /* Open */
            AND (circuit_state <> 0 /* Closed */ OR circuit_failures + circuit_suspects + circuit_pauses <> 0)
        """;

    private const string Write = """
        UPDATE lanes SET circuit_state = $2, circuit_failures = $3, circuit_suspects = $4, circuit_pauses = $5, circuit_until = $6, answers = $7
        WHERE id = $1
        """;

    private readonly SortedDictionary<long, Lane> lanes = [];

    /// <summary>Reads the rows of <see cref="LockLanes"/>.</summary>
    public static async Task<PostgresCircuits> ReadAsync(NpgsqlDataReader rows)
    {
        var circuits = new PostgresCircuits();
        while (await rows.ReadAsync())
        {
            var settings = rows.IsDBNull(8)
                ? new CircuitSettings()
                : new CircuitSettings
                {
                    Failures = rows.GetInt32(8),
                    FirstPause = TimeSpan.FromMilliseconds(rows.GetInt64(9)),
                    LongestPause = TimeSpan.FromMilliseconds(rows.GetInt64(10)),
                };
            var circuit = new Circuit(
                (CircuitState)rows.GetInt16(1), rows.GetInt32(2), rows.GetInt32(3), rows.GetInt32(4), rows.GetInt64(5));
            var health = rows.IsDBNull(14) ? null : new Uri(new Uri(rows.GetString(13)), rows.GetString(14));
            circuits.lanes.Add(
                rows.GetInt64(0),
                new Lane(
                    circuit, settings, rows.GetBoolean(11), rows.GetString(6), rows.GetString(7), rows.GetInt64(12), health,
                    rows.GetInt64(15)));
        }

        return circuits;
    }

    /// <summary>Records answers in the circuits of lanes, in a separate transaction.</summary>
    public static async Task<IReadOnlyList<LaneChange>> RecordAnswersAsync(PostgresSession session, long[] laneKeys)
    {
        await using var hold = session.Batch().Add(Begin).Add(LockLanes, Value(laneKeys));
        PostgresCircuits circuits;
        await using (var rows = await hold.ReadAsync(CancellationToken.None))
        {
            circuits = await ReadAsync(rows);
            await EndAsync(rows, CancellationToken.None);
        }

        foreach (var lane in laneKeys) circuits.Record(lane, CircuitSignal.Answered);
        await using var batch = session.Batch();
        var changes = circuits.Finish(batch);
        await batch.Add(Commit).RunAsync(CancellationToken.None);
        return changes;
    }

    /// <summary>The circuit after the events so far, and the time of the transaction.</summary>
    public (Circuit Circuit, long Now) Find(long laneKey) => (lanes[laneKey].Current, lanes[laneKey].Now);

    /// <summary>How many answers have ended a row of failures in the lane.</summary>
    public long AnswersOf(long laneKey) => lanes[laneKey].Answers;

    /// <summary>The address of the lane's health path; null when it has none.</summary>
    public Uri? HealthOf(long laneKey) => lanes[laneKey].Health;

    /// <summary>The service of the lane.</summary>
    public string ServiceOf(long laneKey) => lanes[laneKey].Service;

    /// <summary>Applies the signal of an attempt's outcome to a circuit.</summary>
    public void Record(long laneKey, CircuitSignal signal)
    {
        if (signal == CircuitSignal.None) return;
        var lane = lanes[laneKey];
        if (CircuitPolicy.EventOf(lane.Current, signal, lane.Settings, lane.HasHealthPath) is { } seen) Move(laneKey, seen);
    }

    /// <summary>Applies an event to a circuit.</summary>
    public void Move(long laneKey, CircuitEvent circuitEvent, TimeSpan probeTime = default)
    {
        var lane = lanes[laneKey];
        var before = lane.Current;
        lane.Current = CircuitPolicy.After(before, circuitEvent, lane.Settings, lane.Now, probeTime);
        if (circuitEvent == CircuitEvent.Answered && lane.Current != before) lane.Answers++;
    }

    /// <summary>Adds statements that write the changes; returns the circuits whose state has changed.</summary>
    public IReadOnlyList<LaneChange> Finish(PostgresBatch batch)
    {
        var changes = new List<LaneChange>();
        foreach (var (key, lane) in lanes)
        {
            var (before, after) = (lane.Before, lane.Current);
            if (before == after && lane.Answers == lane.AnswersBefore) continue;
            batch.Add(
                Write, Value(key), Value((short)after.State), Value(after.Failures), Value(after.ServerErrors), Value(after.Pauses),
                Value(after.Until), Value(lane.Answers));
            if (before.State == after.State) continue;
            if (TimelineSteps.EventOf(before.State, after.State) is { } happened)
                batch.Add(PostgresTimelines.AddEvent, Value((short)1), Value(key), Value((short)happened));
            var until = DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(lane.Now, after.Until));
            changes.Add(new LaneChange(key, lane.Service, lane.Authority, before.State, after.State, until));
        }

        return changes;
    }

    private sealed record Lane(
        Circuit Before, CircuitSettings Settings, bool HasHealthPath, string Service, string Authority, long Now, Uri? Health,
        long AnswersBefore)
    {
        public Circuit Current { get; set; } = Before;

        public long Answers { get; set; } = AnswersBefore;
    }
}
