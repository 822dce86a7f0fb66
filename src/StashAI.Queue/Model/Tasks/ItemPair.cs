namespace StashAI.Queue.Model.Tasks;

/// <summary>An item of the second of two jobs with its counterpart in the first.</summary>
/// <param name="First">The position in the first job; null where that job has no such item.</param>
/// <param name="Second">The position in the second job.</param>
/// <param name="FirstState">The state of the first job's task; null where it has none.</param>
/// <param name="SecondState">The state of the second job's task.</param>
/// <param name="IsSame">True when both tasks are in the same state with the same result and the same kind of error.</param>
public sealed record ItemPair(int? First, int Second, TaskState? FirstState, TaskState SecondState, bool IsSame);
