using System.Collections.Concurrent;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Circuits;

namespace StashAI.Queue.Execution;

/// <summary>
/// Decides how long a lane waits after its service has asked a task to wait. A service that names a time gets it. One that names none may
/// mean only this request: while it answers others, the task waits alone. When nothing is answered in between, the whole lane waits, longer
/// each time, but no longer for tasks that have already been asked: their own waits grow.
/// </summary>
/// <remarks>It knows the calls of this process, and after a restart none.</remarks>
internal sealed class LanePauses(RetryPolicy retry, TimeProvider clock)
{
    /// <summary>The lane's longest pause where no time is named: what the service would answer waits with the others.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>When it knows more tasks than this, it forgets them: some may have been removed.</summary>
    private const int MostTasks = 4096;

    private readonly ConcurrentDictionary<long, Lane> lanes = new();

    /// <summary>Notes how a call ended, and says how long its lane waits.</summary>
    /// <param name="result">The end of the call.</param>
    /// <param name="claimedAt">When the call was claimed, as a timestamp of the clock.</param>
    /// <param name="isShared">True for a task whose call others share: they come back together, when their lane opens.</param>
    public AttemptResult Settle(AttemptResult result, long claimedAt, bool isShared)
    {
        if (CircuitPolicy.SignalOf(result) != CircuitSignal.Answered) return result;
        var lane = lanes.GetOrAdd(result.Task.Job.LaneKey, _ => new Lane());
        if (result.Event != TaskEvent.Throttle)
        {
            lane.Answer(result.Task.Key);
            return result;
        }

        var (wasAnswering, pauses) = lane.Ask(result.Task.Key, claimedAt, clock.GetTimestamp());
        wasAnswering &= !isShared;
        // A service that names a time and answers others may name it for this task again and again.
        if (result.GrowsUpTo == TimeSpan.Zero) return wasAnswering ? result with { GrowsUpTo = retry.Cap } : result;
        if (wasAnswering) return result with { LaneDelay = TimeSpan.Zero };
        var pause = retry.ThrottleDelayAfter(pauses, Random.Shared.NextDouble());
        if (pause > Longest) pause = Longest;
        return result with { LaneDelay = pause > result.Delay ? pause : result.Delay };
    }

    private sealed class Lane
    {
        private readonly Lock gate = new();
        private readonly HashSet<long> asked = [];
        private volatile bool isAnswering;
        private volatile bool hasAsked;
        private long pausedAt = long.MinValue;
        private int pauses;

        public void Answer(long task)
        {
            if (isAnswering && !hasAsked) return;
            lock (gate)
            {
                asked.Remove(task);
                hasAsked = asked.Count > 0;
                pauses = 0;
                isAnswering = true;
            }
        }

        /// <summary>
        /// Notes that the service asked a task to wait; returns whether it has answered others since it last did, and which pause in a row
        /// this is, from 1.
        /// </summary>
        public (bool WasAnswering, int Pauses) Ask(long task, long claimedAt, long now)
        {
            lock (gate)
            {
                var wasAnswering = isAnswering;
                isAnswering = false;
                if (asked.Count >= MostTasks) asked.Clear();
                var isNew = asked.Add(task);
                hasAsked = true;
                if (wasAnswering) return (true, 1);
                // Calls that began before the last pause tell nothing about how long it should have been.
                if (pauses == 0 || (isNew && claimedAt > pausedAt))
                {
                    pauses++;
                    pausedAt = now;
                }

                // Tasks that were asked before wait long themselves; a long pause for them would keep all others behind them.
                return (false, isNew ? pauses : 1);
            }
        }
    }
}
