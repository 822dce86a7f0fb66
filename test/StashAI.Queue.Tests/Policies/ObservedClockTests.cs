using CsCheck;
using StashAI.Queue.Policies.Circuits;

namespace StashAI.Queue.Tests.Policies;

/// <summary>Age is time that was seen to pass, whatever the clock does (docs/adr/0017).</summary>
public sealed class ObservedClockTests
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;
    private const long Start = 2_000_000_000_000;

    [Fact]
    public void Time_that_is_seen_to_pass_is_believed_at_once()
    {
        var (clock, now) = Run(ObservedClock.Begin(Start, null), Start, Day);
        Assert.Equal(now, clock.TrustedAt(now));
        Assert.Null(clock.SteppedTo);
    }

    [Theory]
    [InlineData(2 * Minute, 2 * Minute)]
    [InlineData(30 * Minute, 30 * Minute)]
    [InlineData(40 * Day, Hour)]
    [InlineData(3650 * Day, Hour)]
    public void A_step_forward_is_believed_after_it_stood_as_long_as_it_is_far_and_an_hour_at_most(long step, long proof)
    {
        var clock = ObservedClock.Begin(Start, null).Observe(Start + step);
        Assert.Equal(Start, clock.TrustedAt(Start + step));
        (clock, var now) = Run(clock, Start + step, proof - Minute);
        Assert.Equal(Start, clock.TrustedAt(now));
        (clock, now) = Run(clock, now, 2 * Minute);
        Assert.Equal(now, clock.TrustedAt(now));
    }

    [Fact]
    public void A_laptop_that_is_open_for_minutes_a_day_still_lets_things_grow_old()
    {
        var clock = ObservedClock.Begin(Start, null);
        var now = Start;
        for (var day = 0; day < 100; day++)
        {
            now = Start + (day * Day);
            (clock, now) = Run(clock.Observe(now), now, 5 * Minute);
        }

        Assert.InRange(now - clock.TrustedAt(now), 0, 30 * Day);
    }

    [Fact]
    public void A_step_back_takes_no_trust_away_and_makes_nothing_older()
    {
        var (clock, now) = Run(ObservedClock.Begin(Start, null), Start - (4 * 365 * Day), 3 * Day);
        Assert.Equal(now, clock.TrustedAt(now));
        var right = clock.Observe(Start + (3 * Day));
        Assert.Equal(Start + (3 * Day), right.TrustedAt(Start + (3 * Day)));
        Assert.Equal(4 * 365 * Day, right.ShiftSince(clock)!.Value.By, tolerance: 0);
    }

    /// <summary>
    /// A machine without a battery: off for a while, it starts years behind, and is set right to a time that nobody has seen to come.
    /// </summary>
    [Theory]
    [InlineData(5 * Minute)]
    [InlineData(2 * Day)]
    public void What_ended_under_a_clock_that_was_behind_moves_along_also_after_a_time_without_power(long off)
    {
        var (clock, now) = Run(ObservedClock.Begin(Start, null).Observe(Start - (1500 * Day)), Start - (1500 * Day), 10 * Minute);
        var right = clock.Observe(Start + off);
        Assert.Equal((Start - (1500 * Day) - Minute, now + Minute, Start + off - now), right.ShiftSince(clock));
        Assert.Equal(Start, right.TrustedAt(Start + off), tolerance: (double)Minute + off);
    }

    [Fact]
    public void What_ended_under_a_clock_that_was_behind_moves_with_each_of_its_steps()
    {
        long[] steps = [1000 * Day, -200 * Day, 700 * Day];
        var (clock, now) = Run(ObservedClock.Begin(Start, null).Observe(Start - (1500 * Day)), Start - (1500 * Day), 10 * Minute);
        var (end, truth) = (now - Minute, now);
        foreach (var step in steps)
        {
            var after = clock.Observe(now += step);
            if (after.ShiftSince(clock) is var (from, to, by) && from <= end && end <= to) end += by;
            clock = after;
            truth += step;
        }

        Assert.Equal(truth - Minute, end);
    }

    [Fact]
    public void A_step_back_is_believed_after_a_week()
    {
        var (clock, now) = Run(ObservedClock.Begin(Start, null), Start - (365 * Day), (7 * Day) + Hour);
        Assert.Equal((now, null), (clock.Confirmed, clock.SteppedTo));
    }

    [Theory]
    [InlineData(-1_000)]
    [InlineData(500)]
    [InlineData(Minute)]
    public void Two_looks_are_at_most_a_minute_apart_and_a_second_back_is_no_step(long passed)
    {
        var clock = ObservedClock.Begin(Start, null).Observe(Start + passed);

        Assert.Equal((Start + passed, null), (clock.Confirmed, clock.SteppedTo));
    }

    [Theory]
    [InlineData(-1_001)]
    [InlineData(Minute + 1)]
    public void More_than_that_is_a_doubt(long passed)
    {
        var clock = ObservedClock.Begin(Start, null).Observe(Start + passed);

        Assert.Equal((Start, Start + passed), (clock.Confirmed, clock.SteppedTo));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30_000)]
    [InlineData(Minute)]
    public void Between_two_looks_time_passes(long passed) =>
        Assert.Equal(Start + passed, ObservedClock.Begin(Start, null).TrustedAt(Start + passed));

    [Fact]
    public void A_server_that_was_off_for_long_is_like_a_step_forward()
    {
        var clock = ObservedClock.Begin(Start + (40 * Day), newest: Start);
        Assert.Equal(Start, clock.TrustedAt(Start + (40 * Day)));
        (clock, var now) = Run(clock, Start + (40 * Day), Hour);
        Assert.Equal(now, clock.TrustedAt(now));
    }

    /// <summary>
    /// However often it is looked at, and when the looks are exactly a minute apart: a step of three minutes is believed after three.
    /// </summary>
    [Theory]
    [InlineData(500)]
    [InlineData(Minute)]
    public void Looks_prove_the_time_between_them(long apart)
    {
        var clock = ObservedClock.Begin(Start, null).Observe(Start + (3 * Minute));
        for (var stood = apart; stood < 3 * Minute; stood += apart)
        {
            clock = clock.Observe(Start + (3 * Minute) + stood);
            Assert.Equal(Start, clock.TrustedAt(Start + (3 * Minute) + stood));
        }

        clock = clock.Observe(Start + (6 * Minute));
        Assert.Equal(Start + (6 * Minute), clock.TrustedAt(Start + (6 * Minute)));
    }

    [Fact]
    public void Two_steps_forward_need_two_proofs()
    {
        var (clock, now) = Run(ObservedClock.Begin(Start, null).Observe(Start + (10 * Day)), Start + (10 * Day), Hour / 2);
        (clock, now) = Run(clock.Observe(now + (20 * Day)), now + (20 * Day), Hour / 2);
        Assert.Equal(Start + (10 * Day) + Hour, clock.TrustedAt(now));
        (clock, now) = Run(clock, now, Hour - Minute);
        Assert.Equal(Start + (10 * Day) + Hour, clock.TrustedAt(now));
        (clock, now) = Run(clock, now, Minute);
        Assert.Equal((now, null), (clock.TrustedAt(now), clock.SteppedTo));
    }

    [Fact]
    public void What_ended_under_a_clock_that_was_ahead_moves_back_with_it()
    {
        var ahead = Start + (3650 * Day);
        var (clock, now) = Run(ObservedClock.Begin(Start, null).Observe(ahead), ahead, Minute);
        Assert.Null(clock.ShiftSince(ObservedClock.Begin(Start, null)));

        Assert.Equal((ahead - Minute, now + Minute, Start - now), clock.Observe(Start).ShiftSince(clock));
    }

    /// <summary>Nobody knows yet which of the two is right.</summary>
    [Fact]
    public void Nothing_moves_when_a_clock_that_is_ahead_steps_on()
    {
        var (clock, now) = Run(ObservedClock.Begin(Start, null).Observe(Start + (10 * Day)), Start + (10 * Day), Minute);

        Assert.Null(clock.Observe(now + (20 * Day)).ShiftSince(clock));
    }

    [Theory]
    [InlineData(-1500 * Day)]
    [InlineData(1500 * Day)]
    public void Nothing_moves_while_the_clock_runs_on(long step)
    {
        var clock = ObservedClock.Begin(Start, null).Observe(Start + step);
        for (var passed = Minute; passed < 2 * Hour; passed += Minute)
        {
            var after = clock.Observe(Start + step + passed);
            Assert.Null(after.ShiftSince(clock));
            clock = after;
        }
    }

    /// <summary>Only what was written since a step moves with the next one, not what really ended in the years between.</summary>
    [Fact]
    public void What_ended_before_the_steps_of_a_clock_that_was_behind_stays_where_it_is()
    {
        var ended = Start - (800 * Day);
        var (clock, now) = Run(ObservedClock.Begin(Start, null).Observe(Start - (1500 * Day)), Start - (1500 * Day), 10 * Minute);
        foreach (var step in (long[])[1000 * Day, 200 * Day, 299 * Day])
        {
            var after = clock.Observe(now += step);
            if (after.ShiftSince(clock) is var (from, to, _)) Assert.False(from <= ended && ended <= to);
            (clock, now) = Run(after, now, 10 * Minute);
        }
    }

    /// <summary>
    /// Whatever the clock does, what is believed never runs ahead of the clock, nor by more than was seen to pass plus what was proven.
    /// </summary>
    [Fact]
    public void Nothing_is_ever_older_than_the_clock_says_and_one_step_makes_nothing_old() =>
        Gen.Select(Gen.Long[-3650 * Day, 3650 * Day], Gen.Long[0, 20], Gen.Long[1000, Minute]).Array[1, 8].Sample(steps =>
        {
            var clock = ObservedClock.Begin(Start, null);
            var (now, seen) = (Start, 0L);
            foreach (var (step, looks, pause) in steps)
            {
                now += step;
                clock = clock.Observe(now);
                Assert.True(clock.TrustedAt(now) <= now);
                for (var look = 0L; look < looks && looks * pause < Math.Min(Math.Abs(step), Hour); look++)
                {
                    clock = clock.Observe(now += pause);
                    Assert.True(clock.TrustedAt(now) <= now);
                }

                // As long as nothing is proven, age grows by what was seen to pass.
                seen += looks * pause;
                if (seen < Hour) Assert.True(clock.TrustedAt(now) <= Start + seen + Hour + (steps.Length * Minute));
            }
        });

    private static (ObservedClock Clock, long Now) Run(ObservedClock clock, long now, long time)
    {
        for (var end = now + time; now < end; clock = clock.Observe(now)) now += 5000;
        return (clock, now);
    }
}
