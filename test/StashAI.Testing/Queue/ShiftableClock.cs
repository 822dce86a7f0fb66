using Microsoft.Extensions.Time.Testing;

namespace StashAI.Testing.Queue;

/// <summary>A clock that runs as fast as the real one and that a test can set forward; timers that fall due on the way fire.</summary>
public sealed class ShiftableClock : TimeProvider, IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);

    private readonly FakeTimeProvider time = new(new DateTimeOffset(2031, 5, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly ITimer pump;
    private readonly Lock gate = new();
    private long last = System.GetTimestamp();

    /// <summary>Starts in 2031.</summary>
    public ShiftableClock() => pump = System.CreateTimer(_ => Follow(), null, Tick, Tick);

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long TimestampFrequency => time.TimestampFrequency;

    /// <summary>Sets the clock forward.</summary>
    public void Advance(TimeSpan by) => time.Advance(by);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    /// <inheritdoc/>
    public override long GetTimestamp() => time.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(callback, state, dueTime, period);

    /// <inheritdoc/>
    public void Dispose() => pump.Dispose();

    private void Follow()
    {
        if (!gate.TryEnter()) return;
        try
        {
            var now = System.GetTimestamp();
            var passed = System.GetElapsedTime(last, now);
            last = now;
            time.Advance(passed);
        }
        finally
        {
            gate.Exit();
        }
    }
}
