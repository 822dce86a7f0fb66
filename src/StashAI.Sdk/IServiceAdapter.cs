namespace StashAI.Sdk;

/// <summary>
/// Calls one kind of AI service, one item at a time. The queue owns durability, parallelism, retries, limits and time-outs:
/// an adapter makes a single call and says how it ended.
/// </summary>
public interface IServiceAdapter
{
    /// <summary>What the adapter is called and what it can do.</summary>
    AdapterManifest Manifest { get; }

    /// <summary>
    /// Runs one attempt. An exception counts as <see cref="TaskOutcome.Retry"/>; a cancelled <paramref name="cancellationToken"/>
    /// must end the call promptly by throwing <see cref="OperationCanceledException"/>.
    /// </summary>
    Task<TaskOutcome> ExecuteAsync(TaskContext context, CancellationToken cancellationToken);
}
