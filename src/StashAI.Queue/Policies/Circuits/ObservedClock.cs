namespace StashAI.Queue.Policies.Circuits;

/// <summary>
/// What the queue has seen of the database's clock. Age is counted by time that was seen to pass: a step of the clock is believed only
/// after the clock ran on from there for a while (docs/adr/0017). All times are Unix milliseconds of the database's clock.
/// </summary>
/// <param name="Confirmed">The last time that is beyond doubt.</param>
/// <param name="LastSeen">The last look.</param>
/// <param name="SteppedTo">Where the clock stepped to, while that is not confirmed; null otherwise.</param>
/// <param name="SinceStep">How many milliseconds it was seen to run on since.</param>
public readonly record struct ObservedClock(long Confirmed, long LastSeen, long? SteppedTo = null, long SinceStep = 0)
{
    /// <summary>So much between two looks is time that passed; more, or less than nothing, is a step.</summary>
    public const long ToleranceMs = 60_000;

    /// <summary>A step forward stands for as long as it is far before it is believed, and never longer than this.</summary>
    public const long ForwardProofMs = 3_600_000;

    /// <summary>A step back is believed after a week: until then nothing that ended before it may look older, or younger, than it is.</summary>
    public const long BackwardProofMs = 7 * 24 * 3_600_000L;

    private const long SlackMs = 1_000;

    /// <summary>The first look at a database, whose last change was at <paramref name="newest"/> (null when it is empty).</summary>
    public static ObservedClock Begin(long now, long? newest)
    {
        var known = newest ?? now;
        return new ObservedClock(known, known).Observe(now);
    }

    /// <summary>What is known after one more look.</summary>
    public ObservedClock Observe(long now)
    {
        var passed = now - LastSeen;
        var isStep = passed is < -SlackMs or > ToleranceMs;
        var after = this with { LastSeen = now };
        // Back where it was before the step, or never away.
        if (now >= Confirmed - SlackMs && now <= Confirmed + SinceStep + ToleranceMs) return after with { Confirmed = now, SteppedTo = null, SinceStep = 0 };
        if (SteppedTo is not { } since || now < since - SlackMs || (since > Confirmed) != (now > Confirmed))
            return after with { SteppedTo = now, SinceStep = 0 };
        // What was written since the step back moves with the clock, and so does the time from which it was written.
        if (isStep) return since < Confirmed ? after with { SteppedTo = since + passed } : after;

        var sinceStep = SinceStep + Math.Max(0, passed);
        var required = since > Confirmed ? Math.Min(since - Confirmed, ForwardProofMs) : BackwardProofMs;
        if (sinceStep < required) return after with { SinceStep = sinceStep };
        // It may have stepped further meanwhile; that is a doubt of its own.
        return now - since <= sinceStep + ToleranceMs
            ? after with { Confirmed = now, SteppedTo = null, SinceStep = 0 }
            : after with { Confirmed = since + sinceStep, SteppedTo = now, SinceStep = 0 };
    }

    /// <summary>
    /// When the clock leaves a time that was never believed: what was written from there to there moves along by so much, or it would look years
    /// older, or younger, than it is. From a time in the past it moves wherever the clock goes: after a night without power nobody
    /// knows yet whether the clock is right again. Null when nothing moves.
    /// </summary>
    public (long From, long To, long By)? ShiftSince(ObservedClock before) =>
        before.SteppedTo is { } since && (SteppedTo is null || since < before.Confirmed) && Math.Abs(LastSeen - before.LastSeen) > ToleranceMs
            ? (since - ToleranceMs, before.LastSeen + ToleranceMs, LastSeen - before.LastSeen)
            : null;

    /// <summary>The time by which things grow old: never later than what is confirmed, and never later than the clock.</summary>
    public long TrustedAt(long now) => IsTrusted(now) ? now : Math.Min(now, Confirmed);

    /// <summary>True when the clock is where it was expected.</summary>
    public bool IsTrusted(long now) => Math.Abs(now - Confirmed) <= ToleranceMs;
}
