using StashAI.Queue.Model.Files;
using StashAI.Sdk;

namespace StashAI.Queue.Model.Jobs;

/// <summary>A job as submitted by a client, without its tasks.</summary>
public sealed record NewJob
{
    /// <summary>The service's name (<c>adapter_name</c> on the wire).</summary>
    public required string Service { get; init; }

    /// <summary><c>job_type</c> on the wire.</summary>
    public required string JobType { get; init; }

    /// <summary><c>task_type</c> of all its tasks.</summary>
    public required string TaskType { get; init; }

    /// <summary>
    /// The address that every task calls; its authority identifies the lane. <c>service://NAME/path</c> stands for the configured address
    /// of a service at the time of the call.
    /// </summary>
    public required Uri Upstream { get; init; }

    /// <summary>A name for people; may be empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>True for a single task. It is stored as a job with one task, which job lists leave out.</summary>
    public bool IsSingleTask { get; init; }

    /// <summary>The user, as reported by the client.</summary>
    public string? UserId { get; init; }

    /// <summary>The client's session.</summary>
    public string? SessionId { get; init; }

    /// <summary>The name of the API key that submits it; null when nobody showed a key.</summary>
    public string? Owner { get; init; }

    /// <summary>What people find it by, each once.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The public id of the job whose items it repeats; null for none.</summary>
    public Guid? SourceJob { get; init; }

    /// <summary>
    /// Who is told of its end besides the webhooks that are told of all jobs: the public id of a webhook, or an address; null for nobody.
    /// </summary>
    public string? Webhook { get; init; }

    /// <summary>The batch of another API that it is, stored in the same transaction; null for none.</summary>
    public JobBatch? Batch { get; init; }

    /// <summary>0 to 9. Jobs of a higher priority always come first.</summary>
    public int Priority { get; init; } = 5;

    /// <summary>The job's share among jobs of the same priority, at least 1.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>The most tasks of the job that may run at once (<c>batch_size</c> on the wire).</summary>
    public int MaxParallel { get; init; } = int.MaxValue;

    /// <summary>The most attempts per task.</summary>
    public int MaxAttempts { get; init; } = 4;

    /// <summary>Whether its tasks take results that are known already.</summary>
    public ResultCache Cache { get; init; }

    /// <summary>Its tasks wait until then. Null, or a time in the past, starts the job at once.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>
    /// Tasks that are open then, running ones too, fail with <see cref="Sdk.ErrorKind.DeadlineExceeded"/>; null for no deadline.
    /// </summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>
    /// Only the first of several jobs with the same key is created; the others get that job as their answer. Keys are unique in the whole
    /// database: put whatever scopes a key, such as an API key's id, before the key that the client sent.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Detects different requests with the same idempotency key; see <see cref="EnqueuedJob.IsDifferentRequest"/>.</summary>
    public ReadOnlyMemory<byte> RequestHash { get; init; }

    /// <summary>How long the idempotency key is kept.</summary>
    public TimeSpan IdempotencyPeriod { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The configuration for the adapter (<c>job_config</c> on the wire), a UTF-8 JSON object.</summary>
    public ReadOnlyMemory<byte> Config { get; init; }
}
