using System.Collections.Concurrent;
using System.Reflection;
using Xunit;
using Xunit.v3;

namespace StashAI.Testing;

/// <summary>
/// Cancels a test that takes ten minutes, so that it fails where it waits, and a run does not wait for ever. Measurements, which are run by
/// hand, may take longer.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class EndsInTimeAttribute : BeforeAfterTestAttribute
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, Timer> timers = [];

    /// <inheritdoc/>
    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (test.TestCase.Explicit) return;
        var context = TestContext.Current;
        timers[test.UniqueID] = new Timer(_ => context.CancelCurrentTest(), null, Patience, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (timers.TryRemove(test.UniqueID, out var timer)) timer.Dispose();
    }
}
