namespace StashAI.Sdk;

/// <summary>Everything an adapter needs for one attempt at a task.</summary>
public sealed class TaskContext
{
    private readonly HttpClient? fetch;

    /// <summary>The task's id (UUIDv7).</summary>
    public required Guid TaskId { get; init; }

    /// <summary>The id of the job that the task belongs to (UUIDv7).</summary>
    public required Guid JobId { get; init; }

    /// <summary>The task's position in its job, from 0.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The number of this attempt, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>The operation's task type, for example <c>face_identify</c>.</summary>
    public required string TaskType { get; init; }

    /// <summary>The address to call; the outbound policy has allowed it.</summary>
    public required Uri Upstream { get; init; }

    /// <summary>The task's own input as UTF-8 JSON; empty when the input consists of payloads only.</summary>
    public required ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>The job's configuration as a UTF-8 JSON object; empty when there is none.</summary>
    public required ReadOnlyMemory<byte> Config { get; init; }

    /// <summary>The task's binary parts, in the order of the upload.</summary>
    public required IReadOnlyList<TaskPayload> Payloads { get; init; }

    /// <summary>The pack of tasks that share one call; null when this task has a call of its own.</summary>
    public TaskPack? Pack { get; init; }

    /// <summary>
    /// True when the operator configured <see cref="Upstream"/>; false when the job named it. Send the operator's secrets, such as keys,
    /// only to a configured address.
    /// </summary>
    public bool IsConfigured { get; init; }

    /// <summary>
    /// The client to call the service with. It enforces the outbound policy on every connection and never follows redirects.
    /// </summary>
    public required HttpClient Http { get; init; }

    /// <summary>
    /// Receives a successful answer, decompressed, while it arrives; a slow receiver holds the call up. Null where nobody listens. The
    /// outcome has the whole answer nevertheless.
    /// </summary>
    public Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask>? OnAnswer { get; init; }

    /// <summary>The memory for large answers, which all running calls share; null where nobody counts them.</summary>
    public ICallMemory? Memory { get; init; }

    /// <summary>
    /// The client to download what an item refers to, such as the URL of a picture. It reaches neither this machine nor configured services
    /// unless the operator lists them for fetching. Defaults to <see cref="Http"/>.
    /// </summary>
    public HttpClient Fetch
    {
        get => fetch ?? Http;
        init => fetch = value;
    }
}
