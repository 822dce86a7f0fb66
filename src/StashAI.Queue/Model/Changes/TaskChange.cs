using StashAI.Queue.Model.Tasks;

namespace StashAI.Queue.Model.Changes;

/// <summary>A task changed.</summary>
/// <param name="Key">The task's internal key.</param>
/// <param name="Version">Its version after the change.</param>
/// <param name="State">Its state after the change.</param>
public readonly record struct TaskChange(long Key, int Version, TaskState State);
