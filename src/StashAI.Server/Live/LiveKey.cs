namespace StashAI.Server.Live;

/// <summary>What can be followed.</summary>
internal enum LiveKind
{
    Job,
    Task,
}

/// <summary>A job or a task by its inside id.</summary>
internal readonly record struct LiveKey(LiveKind Kind, long Key);
