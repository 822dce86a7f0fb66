using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using StashAI.Queue.Maintenance;
using StashAI.Queue.Policies;
using StashAI.Queue.Signals;
using StashAI.Queue.Store;
using StashAI.Queue.Tests.Diagnostics;
using StashAI.Queue.Tests.Engine;

namespace StashAI.Queue.Tests.Maintenance;

/// <summary>A server that starts in the morning has slept, and its clock is right; a clock that jumps under it may be wrong.</summary>
public sealed class ClockObserverTests : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2031, 5, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly RecordedLog log = new();
    private EngineHouse house = null!;
    private IQueueStore store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        house = await EngineHouse.OpenAsync(null);
        store = await house.OpenStoreAsync(clock);
        await store.Maintain.ObserveClockAsync(Cancellation);
    }

    public ValueTask DisposeAsync() => house.DisposeAsync();

    [Fact]
    public async Task A_night_between_two_processes_is_told_and_is_no_reason_for_a_warning()
    {
        clock.Advance(TimeSpan.FromHours(10));
        await Observer().RunOnceAsync(Cancellation);

        Assert.Contains("36000 s", Assert.Single(log.At(LogLevel.Information)), StringComparison.Ordinal);
        Assert.Empty(log.At(LogLevel.Warning));
    }

    [Fact]
    public async Task A_clock_that_was_set_back_between_two_processes_is_a_warning()
    {
        clock.AdjustTime(clock.GetUtcNow().AddHours(-10));
        await Observer().RunOnceAsync(Cancellation);

        Assert.Single(log.At(LogLevel.Warning));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public async Task A_clock_that_jumps_under_a_process_is_one_warning(int hours)
    {
        var observer = Observer();
        await observer.RunOnceAsync(Cancellation);
        clock.AdjustTime(clock.GetUtcNow().AddHours(hours));
        await observer.RunOnceAsync(Cancellation);
        await observer.RunOnceAsync(Cancellation);

        Assert.Single(log.At(LogLevel.Warning));
        Assert.Empty(log.At(LogLevel.Information));
    }

    private ClockObserver Observer() =>
        new(
            store.Maintain, new WaitLimits(TimeSpan.FromHours(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(1)), new Wakeup(clock),
            log);
}
