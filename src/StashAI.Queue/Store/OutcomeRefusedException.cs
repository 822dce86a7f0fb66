namespace StashAI.Queue.Store;

/// <summary>The database works, but refuses an outcome, for example because the answer is too long for a row.</summary>
public sealed class OutcomeRefusedException(string message, Exception inner) : Exception(message, inner);
