using StashAI.Sdk;

namespace StashAI.Queue.Model.Jobs;

/// <summary>What a client submits, without its tasks.</summary>
public sealed record NewJob
{
    /// <summary>The service's name (`adapter_name`).</summary>
    public required string Service { get; init; }

    /// <summary>`job_type` on the wire.</summary>
    public required string JobType { get; init; }

    /// <summary>`task_type` of every task of the job.</summary>
    public required string TaskType { get; init; }

    /// <summary>
    /// The address that every task calls; its authority names the lane. `service://NAME/path` stands for the configured address
    /// of a service, whatever that is when the call is made.
    /// </summary>
    public required Uri Upstream { get; init; }

    /// <summary>Shown to people; may be empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>True for a lone task: it is a job of one, which job lists leave out.</summary>
    public bool IsSingleTask { get; init; }

    /// <summary>Who asked, as the client says.</summary>
    public string? UserId { get; init; }

    /// <summary>The client's session.</summary>
    public string? SessionId { get; init; }

    /// <summary>The name of the API key that submits it; null when nobody showed a key.</summary>
    public string? Owner { get; init; }

    /// <summary>What people find it by, each once.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The public id of the job whose items it repeats; null for none.</summary>
    public Guid? SourceJob { get; init; }

    /// <summary>0 to 9, higher first; a strict band.</summary>
    public int Priority { get; init; } = 5;

    /// <summary>Share among the jobs of one band, at least 1.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>The most tasks of the job that may run at once (`batch_size`).</summary>
    public int MaxParallel { get; init; } = int.MaxValue;

    /// <summary>How often each task is tried at most.</summary>
    public int MaxAttempts { get; init; } = 4;

    /// <summary>Its tasks wait until then; null, or a time that has passed, to start at once.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>What is not over by then fails with <see cref="Sdk.ErrorKind.DeadlineExceeded"/>, running calls too; null for never.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>
    /// Of several jobs with one key only the first is made; it is the answer to the others. Unique in the whole database: put
    /// whatever a key belongs to, such as an API key's id, before what the client sent.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Tells the requests with one key apart; see <see cref="EnqueuedJob.IsOtherRequest"/>.</summary>
    public ReadOnlyMemory<byte> RequestHash { get; init; }

    /// <summary>How long the key is kept.</summary>
    public TimeSpan IdempotencyPeriod { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Configuration for the adapter (`job_config` on the wire), a UTF-8 JSON object.</summary>
    public ReadOnlyMemory<byte> Config { get; init; }
}
