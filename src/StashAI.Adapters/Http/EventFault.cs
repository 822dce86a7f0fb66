using StashAI.Sdk;

namespace StashAI.Adapters.Http;

/// <summary>An event of a stream is an error, or cannot be read: nothing that follows it matters.</summary>
/// <param name="outcome">What it means for the task.</param>
internal sealed class EventFault(TaskOutcome outcome) : Exception("A stream has an error.")
{
    /// <summary>What it means for the task.</summary>
    public TaskOutcome Outcome => outcome;
}
