namespace StashAI.Gateway.Live.Hub;

/// <summary>What a client asks to follow.</summary>
/// <param name="Word"><c>task</c>, <c>job</c>, <c>queue_stats</c>, <c>jobs</c> or <c>services</c>.</param>
/// <param name="IdField">The message field that holds the id; null for the statistics.</param>
/// <param name="Id">The id as the client sent it.</param>
internal readonly record struct LiveSubscription(string Word, string? IdField, string? Id)
{
    public static LiveSubscription Stats { get; } = new("queue_stats", null, null);

    public static LiveSubscription Services { get; } = new("services", null, null);

    /// <summary>The name that the client gave a list of jobs; null for anything else.</summary>
    public string? Name { get; init; }

    public static LiveSubscription Jobs(string name) => new("jobs", null, null) { Name = name };

    public static LiveSubscription Task(string? id) => new("task", "task_id", id);

    public static LiveSubscription Job(string? id) => new("job", "job_id", id);
}
