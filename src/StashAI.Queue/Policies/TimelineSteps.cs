using System.Numerics;
using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Lanes;

namespace StashAI.Queue.Policies;

/// <summary>
/// The steps of a job's timeline. The width of a step doubles with the age of the job, so that a job has at most 64 of each width, and
/// those of any age can be added up to steps of the last width, of which there are 128 at most.
/// </summary>
public static class TimelineSteps
{
    private const int EachWidth = 6;

    /// <summary>The width, in seconds, of a step at an age in seconds: a power of two.</summary>
    public static long WidthAt(long age) => age >> EachWidth is var part and > 0 ? 1L << BitOperations.Log2((ulong)part) : 1;

    /// <summary>When the step began that an age in seconds belongs to.</summary>
    public static long StartOf(long age) => age <= 0 ? 0 : age / WidthAt(age) * WidthAt(age);

    /// <summary>When the step began that a moment belongs to, both in milliseconds of the database's clock.</summary>
    public static long StartOf(long startedAt, long now) => StartOf((now - startedAt) / 1000);

    /// <summary>Adds steps up to steps of one width.</summary>
    public static IReadOnlyList<TimelineStep> Combine(IReadOnlyList<TimelineStep> steps, long width) =>
    [
        .. steps.GroupBy(step => step.Start / width * width).OrderBy(group => group.Key)
            .Select(group => new TimelineStep(group.Key, group.Sum(step => step.Completed), group.Sum(step => step.Failed))),
    ];

    /// <summary>What is noted when a circuit changes; null for nothing.</summary>
    public static TimelineEvent? EventOf(CircuitState before, CircuitState after)
    {
        if (IsDown(before) == IsDown(after)) return null;
        return IsDown(after) ? TimelineEvent.Parked : TimelineEvent.Unparked;
    }

    private static bool IsDown(CircuitState state) => state is CircuitState.Open or CircuitState.HalfOpen;
}
