namespace StashAI.Sdk;

/// <summary>What an adapter is given for one attempt at one task.</summary>
public sealed class TaskContext
{
    private readonly HttpClient? fetch;

    /// <summary>The task's id (UUIDv7).</summary>
    public required Guid TaskId { get; init; }

    /// <summary>The id of the job that the task belongs to (UUIDv7).</summary>
    public required Guid JobId { get; init; }

    /// <summary>The task's place in its job, from 0.</summary>
    public required int Ordinal { get; init; }

    /// <summary>Which try this is, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>The operation's task type, for example `face_identify`.</summary>
    public required string TaskType { get; init; }

    /// <summary>The address to call, already allowed by the outbound policy.</summary>
    public required Uri Upstream { get; init; }

    /// <summary>The task's own input as UTF-8 JSON; empty where the payloads say it all.</summary>
    public required ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>The job's configuration as a UTF-8 JSON object; empty for none.</summary>
    public required ReadOnlyMemory<byte> Config { get; init; }

    /// <summary>The task's binary parts, in the order of the upload.</summary>
    public required IReadOnlyList<TaskPayload> Payloads { get; init; }

    /// <summary>The tasks that share this one's call; null for a call of its own.</summary>
    public TaskPack? Pack { get; init; }

    /// <summary>
    /// True when <see cref="Upstream"/> is the address that the operator configured; false when the job named it. What belongs to the operator,
    /// such as keys, goes to a configured address only.
    /// </summary>
    public bool IsConfigured { get; init; }

    /// <summary>The client to call the service with. It enforces the outbound policy on every connection and never follows redirects.</summary>
    public required HttpClient Http { get; init; }

    /// <summary>
    /// The client for what an item names, such as a picture's URL. It reaches neither this machine nor configured services unless the operator
    /// lists them for fetching; <see cref="Http"/> where nothing else was given.
    /// </summary>
    public HttpClient Fetch
    {
        get => fetch ?? Http;
        init => fetch = value;
    }
}
