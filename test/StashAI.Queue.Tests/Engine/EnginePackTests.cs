using StashAI.Queue.Engine;

namespace StashAI.Queue.Tests.Engine;

/// <summary>Packs on their way through an engine.</summary>
public sealed class EnginePackTests
{
    private const int Pack = 4;

    [Fact]
    public void Tasks_of_a_lost_lease_are_not_taken_off_what_runs_under_the_next()
    {
        var shared = new SharedCalls();
        shared.Add(nodeKey: 1, laneKey: 7, Pack - 1);

        shared.Add(nodeKey: 2, laneKey: 7, Pack - 2);

        Assert.Equal((Pack - 1, Pack - 2), (shared.Of(1, 7), shared.Of(2, 7)));
    }
}
