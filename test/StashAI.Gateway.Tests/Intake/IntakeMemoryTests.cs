using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Settings;

namespace StashAI.Gateway.Tests.Intake;

/// <summary>Bodies with large items share a few places; what they wait for comes back in every case.</summary>
public sealed class IntakeMemoryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_large_item_waits_for_the_end_of_another_and_small_ones_do_not()
    {
        using var memory = new IntakeMemory(1);
        using var first = new ItemPlace(memory);
        using var second = new ItemPlace(memory);
        using var small = new ItemPlace(memory);
        await first.FitAsync(IntakeMemory.LargeBytes + 1, Cancellation);

        var waiting = second.FitAsync(IntakeMemory.LargeBytes + 1, Cancellation).AsTask();
        await small.FitAsync(1000, Cancellation);

        Assert.False(waiting.IsCompleted);
        await first.FitAsync(0, Cancellation);
        await waiting;
    }

    [Fact]
    public async Task A_body_that_breaks_while_it_waits_leaves_its_place_to_others()
    {
        using var memory = new IntakeMemory(1);
        var first = new ItemPlace(memory);
        await first.FitAsync(int.MaxValue, Cancellation);
        using var broken = new CancellationTokenSource();
        using var second = new ItemPlace(memory);
        var waiting = second.FitAsync(int.MaxValue, broken.Token).AsTask();

        await broken.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        first.Dispose();

        using var third = new ItemPlace(memory);
        await third.FitAsync(int.MaxValue, Cancellation);
    }
}
