using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Submit;

/// <summary>A feature of a request: it is told of the job after the job is durable, and before the answer.</summary>
/// <param name="OnCommittedAsync">Receives the job.</param>
internal sealed record CommitNotice(Func<EnqueuedJob, Task> OnCommittedAsync);
