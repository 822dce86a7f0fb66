using System.Collections.Frozen;

namespace StashAI.Queue.Model.Work;

/// <summary>A node's request for tasks.</summary>
public sealed record ClaimRequest
{
    /// <summary>The node that claims. Without a valid lease, it gets nothing.</summary>
    public required long NodeKey { get; init; }

    /// <summary>The most calls to claim for free slots.</summary>
    public required int Slots { get; init; }

    /// <summary>The most calls to claim ahead of free slots. A lane with a hard limit gives some by <see cref="Leads"/> only.</summary>
    public int Ahead { get; init; }

    /// <summary>The services to claim from.</summary>
    public required IReadOnlyCollection<string> Services { get; init; }

    /// <summary>How many tasks share a call, by service and task type; one if not listed.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> PackSizes { get; init; } =
        FrozenDictionary<string, IReadOnlyDictionary<string, int>>.Empty;

    /// <summary>
    /// Returns how many of this node's running tasks in a lane share another task's call, and so do not count as calls of their own. It is
    /// called after the lane's running tasks were read, and must decrease before the outcome of such a task is recorded. Tasks of
    /// other nodes always count as one call each.
    /// </summary>
    public Func<long, int> SharedTasks { get; init; } = _ => 0;

    /// <summary>
    /// Returns what this node holds of a lane with a limit and would like to hold beyond it. It counts only while there is no other node:
    /// then the node alone sees to the limit, and need not wait until the outcomes of its calls are recorded.
    /// </summary>
    public Func<long, LaneLead> Leads { get; init; } = _ => default;

    /// <summary>True when the process has no task: only then may it claim a suspect, which must run alone.</summary>
    public bool IsIdle { get; init; }
}
