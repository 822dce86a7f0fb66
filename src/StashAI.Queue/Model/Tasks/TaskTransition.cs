namespace StashAI.Queue.Model.Tasks;

/// <summary>One row of the state machine of tasks.</summary>
/// <param name="From">The state before.</param>
/// <param name="Event">What happened.</param>
/// <param name="To">The state after.</param>
/// <param name="Effect">What else changes.</param>
public sealed record TaskTransition(TaskState From, TaskEvent Event, TaskState To, TaskEffect Effect);
