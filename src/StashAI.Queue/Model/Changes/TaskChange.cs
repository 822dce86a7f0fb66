using StashAI.Queue.Model.Tasks;

namespace StashAI.Queue.Model.Changes;

/// <param name="Key">The task's internal key.</param>
/// <param name="Version">The task's version after the change.</param>
/// <param name="State">The task's state after the change.</param>
public readonly record struct TaskChange(long Key, int Version, TaskState State);
