namespace StashAI.Gateway.Live.Hub;

/// <summary>What a client can follow.</summary>
internal enum LiveKind
{
    Job,
    Task,
    Stats,
}

/// <summary>A job or a task by its internal key, or the queue's statistics.</summary>
internal readonly record struct LiveKey(LiveKind Kind, long Key)
{
    /// <summary>The key of the queue's statistics.</summary>
    public static LiveKey Stats { get; } = new(LiveKind.Stats, 0);

    public static LiveKey Job(long key) => new(LiveKind.Job, key);

    public static LiveKey Task(long key) => new(LiveKind.Task, key);
}
