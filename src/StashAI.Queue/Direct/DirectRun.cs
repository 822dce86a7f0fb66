using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Queue.Direct;

/// <summary>A job that ran without the store. Its ids are generated, and cannot be looked up later.</summary>
/// <param name="Job">The job in its final state.</param>
/// <param name="Tasks">Its tasks with their results, in the order of the items.</param>
public sealed record DirectRun(JobView Job, IReadOnlyList<TaskView> Tasks);
