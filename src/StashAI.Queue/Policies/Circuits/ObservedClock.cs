namespace StashAI.Queue.Policies.Circuits;

/// <summary>
/// What is known about the database's clock. Age counts only time that was seen to pass: a jump of the clock is accepted only after
/// the clock has run on from there for a while (docs/adr/0017). All times are Unix milliseconds of the database's clock.
/// </summary>
/// <param name="Confirmed">The last time that is known to be right.</param>
/// <param name="LastSeen">The time of the last reading.</param>
/// <param name="SteppedTo">Where the clock jumped to, while that is not confirmed; null otherwise.</param>
/// <param name="SinceStep">How many milliseconds it was seen to run since the jump.</param>
public readonly record struct ObservedClock(long Confirmed, long LastSeen, long? SteppedTo = null, long SinceStep = 0)
{
    /// <summary>The most time that can have passed between two readings; more, or a step back, is a jump.</summary>
    public const long ToleranceMs = 60_000;

    /// <summary>A jump forward is accepted after as much time as its length, and at most after this.</summary>
    public const long ForwardProofMs = 3_600_000;

    /// <summary>A jump back is accepted after a week. Until then, the age of things that ended before the jump must stay right.</summary>
    public const long BackwardProofMs = 7 * 24 * 3_600_000L;

    private const long SlackMs = 1_000;

    /// <summary>The first reading of a database whose last change was at <paramref name="newest"/> (null when it is empty).</summary>
    public static ObservedClock Begin(long now, long? newest)
    {
        var known = newest ?? now;
        return new ObservedClock(known, known).Observe(now);
    }

    /// <summary>What is known after another reading.</summary>
    public ObservedClock Observe(long now)
    {
        var passed = now - LastSeen;
        var isStep = passed is < -SlackMs or > ToleranceMs;
        var after = this with { LastSeen = now };
        // The clock is back where it was before the jump, or never jumped.
        if (now >= Confirmed - SlackMs && now <= Confirmed + SinceStep + ToleranceMs)
        {
            return after with { Confirmed = now, SteppedTo = null, SinceStep = 0 };
        }

        if (SteppedTo is not { } since || now < since - SlackMs || (since > Confirmed) != (now > Confirmed))
            return after with { SteppedTo = now, SinceStep = 0 };
        // Times written since the jump back move with the clock, and so does the time of the jump.
        if (isStep) return since < Confirmed ? after with { SteppedTo = since + passed } : after;

        var sinceStep = SinceStep + Math.Max(0, passed);
        var required = since > Confirmed ? Math.Min(since - Confirmed, ForwardProofMs) : BackwardProofMs;
        if (sinceStep < required) return after with { SinceStep = sinceStep };
        // The clock may have jumped again meanwhile; that jump must be confirmed separately.
        return now - since <= sinceStep + ToleranceMs
            ? after with { Confirmed = now, SteppedTo = null, SinceStep = 0 }
            : after with { Confirmed = since + sinceStep, SteppedTo = now, SinceStep = 0 };
    }

    /// <summary>
    /// The correction to times that were written while the clock showed a time that was never confirmed. When the clock leaves that time,
    /// times from <c>From</c> to <c>To</c> move by <c>By</c>; otherwise they would look years older or younger than they are. After a jump
    /// back they move wherever the clock goes, because it is not known yet whether the clock is right again. Null when nothing moves.
    /// </summary>
    public (long From, long To, long By)? ShiftSince(ObservedClock before) =>
        before.SteppedTo is { } since && (SteppedTo is null || since < before.Confirmed)
        && Math.Abs(LastSeen - before.LastSeen) > ToleranceMs
            ? (since - ToleranceMs, before.LastSeen + ToleranceMs, LastSeen - before.LastSeen)
            : null;

    /// <summary>The time to compute ages with: never later than the confirmed time or the clock.</summary>
    public long TrustedAt(long now) => IsTrusted(now) ? now : Math.Min(now, Confirmed);

    /// <summary>True when the clock shows the expected time.</summary>
    public bool IsTrusted(long now) => Math.Abs(now - Confirmed) <= ToleranceMs;
}
