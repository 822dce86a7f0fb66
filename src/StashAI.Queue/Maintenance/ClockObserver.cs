using Microsoft.Extensions.Logging;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Circuits;
using StashAI.Queue.Signals;
using StashAI.Queue.Store;

namespace StashAI.Queue.Maintenance;

/// <summary>
/// Reads the database's clock every few seconds, so that age counts only time that was seen to pass, and ends waits that are longer than
/// possible because the clock was different when they were written (docs/adr/0017).
/// </summary>
internal sealed class ClockObserver(IMaintain store, WaitLimits limits, Wakeup work, ILogger logger)
{
    private const int Limit = 1000;
    private bool hasRead;
    private bool wasInDoubt;

    /// <summary>The time between two readings; much less than a jump of the clock.</summary>
    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(5);

    public async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        var seen = await store.ObserveClockAsync(cancellationToken);
        if (seen.SteppedTo is { } since && !wasInDoubt) Tell(TimeSpan.FromMilliseconds(since - seen.Confirmed));
        (hasRead, wasInDoubt) = (true, seen.SteppedTo is not null);
        var mended = await store.EndImpossibleWaitsAsync(limits, Limit, cancellationToken);
        if (mended > 0)
        {
            Log.WaitsEnded(logger, mended);
            work.Set();
        }

        return mended >= Limit ? TimeSpan.Zero : Pause;
    }

    /// <summary>Whoever starts a server in the morning has a clock that is right: its night is no reason for a warning.</summary>
    private void Tell(TimeSpan step)
    {
        if (hasRead || step < TimeSpan.Zero) Log.ClockStepped(logger, step.TotalSeconds);
        else Log.ClockUnseen(logger, step.TotalSeconds);
    }
}
