using System.Collections.Frozen;

namespace StashAI.Queue.Model.Work;

/// <summary>What a node asks for when it claims.</summary>
public sealed record ClaimRequest
{
    /// <summary>The node, whose lease must be alive: otherwise nothing is claimed.</summary>
    public required long NodeKey { get; init; }

    /// <summary>At most this many calls for free slots.</summary>
    public required int Slots { get; init; }

    /// <summary>At most this many more, to wait for a slot; none of a lane with a hard limit.</summary>
    public int Ahead { get; init; }

    /// <summary>Only these services.</summary>
    public required IReadOnlyCollection<string> Services { get; init; }

    /// <summary>How many tasks share a call, by service and task type; what is not named has a call for each task.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> PackSizes { get; init; } = FrozenDictionary<string, IReadOnlyDictionary<string, int>>.Empty;

    /// <summary>
    /// How many of this node's running tasks in a lane share the call of another one: they take no place of the lane. Asked after the lane's
    /// running tasks were read; it must fall before the outcome of such a task is recorded. Other nodes' tasks count one by one.
    /// </summary>
    public Func<long, int> SharedTasks { get; init; } = _ => 0;

    /// <summary>True when the process holds no task at all: only then may it take a suspect, which runs alone.</summary>
    public bool IsIdle { get; init; }
}
