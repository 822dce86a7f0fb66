using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Circuits;
using StashAI.Sdk;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Sqlite.Units;

namespace StashAI.Storage.Sqlite.Work;

/// <summary>
/// The circuits that one operation changes. Each row is read once, changed by the policy's table, and written if it differs.
/// </summary>
internal sealed class SqliteCircuits(SqliteSession session)
{
    private const string Read = """
        SELECT l.circuit_state, l.circuit_failures, l.circuit_suspects, l.circuit_pauses, l.circuit_until, l.service, l.authority,
            s.circuit_failures, s.circuit_first_pause, s.circuit_longest_pause, s.health_path IS NOT NULL, stashai_now(), l.answers
        FROM lanes l LEFT JOIN services s ON s.name = l.service WHERE l.id = ?1
        """;

    private const string Write = """
        UPDATE lanes SET circuit_state = ?2, circuit_failures = ?3, circuit_suspects = ?4, circuit_pauses = ?5, circuit_until = ?6, answers = ?7
        WHERE id = ?1
        """;

    private readonly SortedDictionary<long, Lane> lanes = [];

    /// <summary>The circuit after the events so far, and the time of the operation.</summary>
    public (Circuit Circuit, long Now) Find(long laneKey)
    {
        var lane = Load(laneKey);
        return (lane.Current, lane.Now);
    }

    /// <summary>How many answers have ended a row of failures in the lane.</summary>
    public long AnswersOf(long laneKey) => Load(laneKey).Answers;

    /// <summary>Applies the signal of an attempt's outcome to a circuit.</summary>
    public void Record(long laneKey, CircuitSignal signal)
    {
        if (signal == CircuitSignal.None) return;
        var lane = Load(laneKey);
        if (CircuitPolicy.EventOf(lane.Current, signal, lane.Settings, lane.HasHealthPath) is { } seen) Move(laneKey, seen);
    }

    /// <summary>Applies an event to a circuit.</summary>
    public void Move(long laneKey, CircuitEvent circuitEvent, TimeSpan probeTime = default)
    {
        var lane = Load(laneKey);
        var before = lane.Current;
        lane.Current = CircuitPolicy.After(before, circuitEvent, lane.Settings, lane.Now, probeTime);
        if (circuitEvent == CircuitEvent.Answered && lane.Current != before) lane.Answers++;
    }

    /// <summary>Writes the changes; returns the circuits whose state has changed.</summary>
    public IReadOnlyList<LaneChange> Finish()
    {
        var changes = new List<LaneChange>();
        foreach (var (key, lane) in lanes)
        {
            var (before, after) = (lane.Before, lane.Current);
            if (before == after && lane.Answers == lane.AnswersBefore) continue;
            session.Use(Write).Bind(1, key).Bind(2, (int)after.State).Bind(3, after.Failures).Bind(4, after.ServerErrors)
                .Bind(5, after.Pauses).Bind(6, after.Until).Bind(7, lane.Answers).Run();
            if (before.State == after.State) continue;
            if (TimelineSteps.EventOf(before.State, after.State) is { } happened) SqliteTimelines.NoteLane(session, key, happened);
            var until = DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(lane.Now, after.Until));
            changes.Add(new LaneChange(key, lane.Service, lane.Authority, before.State, after.State, until));
        }

        return changes;
    }

    private Lane Load(long laneKey)
    {
        if (lanes.TryGetValue(laneKey, out var known)) return known;
        var row = session.Use(Read).Bind(1, laneKey);
        if (!row.Step()) throw new InvalidOperationException($"Lane {laneKey} does not exist.");
        var circuit = new Circuit((CircuitState)row.Int32(0), row.Int32(1), row.Int32(2), row.Int32(3), row.Int64(4));
        var settings = row.IsNull(7)
            ? new CircuitSettings()
            : new CircuitSettings
            {
                Failures = row.Int32(7),
                FirstPause = TimeSpan.FromMilliseconds(row.Int64(8)),
                LongestPause = TimeSpan.FromMilliseconds(row.Int64(9)),
            };
        var lane = new Lane(circuit, settings, row.Int32(10) != 0, row.Text(5), row.Text(6), row.Int64(11), row.Int64(12));
        row.Reset();
        lanes.Add(laneKey, lane);
        return lane;
    }

    private sealed record Lane(
        Circuit Before, CircuitSettings Settings, bool HasHealthPath, string Service, string Authority, long Now, long AnswersBefore)
    {
        public Circuit Current { get; set; } = Before;

        public long Answers { get; set; } = AnswersBefore;
    }
}
