namespace StashAI.Sdk;

/// <summary>
/// Calls one kind of AI service, one item at a time. The queue takes care of durability, parallelism, retries, limits and time-outs; an
/// adapter makes a single call and reports how it ended.
/// </summary>
public interface IServiceAdapter
{
    /// <summary>The adapter's name, operations and limits.</summary>
    AdapterManifest Manifest { get; }

    /// <summary>
    /// Runs one attempt. An exception counts as <see cref="TaskOutcome.Retry"/>. When <paramref name="cancellationToken"/> is cancelled,
    /// the method must promptly throw <see cref="OperationCanceledException"/>.
    /// </summary>
    Task<TaskOutcome> ExecuteAsync(TaskContext context, CancellationToken cancellationToken);
}
