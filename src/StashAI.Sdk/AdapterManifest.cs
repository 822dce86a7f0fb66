namespace StashAI.Sdk;

/// <summary>Describes an adapter: its name, its operations and its limits.</summary>
public sealed record AdapterManifest
{
    /// <summary>The adapter's name in lower case, for example <c>visage</c> (<c>adapter_name</c> in the API).</summary>
    public required string Name { get; init; }

    /// <summary>The operations that tasks may use; at least one.</summary>
    public required IReadOnlyList<AdapterOperation> Operations { get; init; }

    /// <summary>
    /// Operations that clients reach through another API that the server speaks, such as OpenAI's: no route of the service itself has them.
    /// </summary>
    public IReadOnlyList<AdapterOperation> DialectOperations { get; init; } = [];

    /// <summary>
    /// The longest time that one attempt may take; 30 seconds by default. <see cref="AdapterOperation.AttemptTimeout"/> comes before it.
    /// </summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest time that one attempt at a task may take.</summary>
    /// <param name="taskType">The task's <c>task_type</c>.</param>
    public TimeSpan AttemptTimeoutOf(string taskType)
    {
        // Without an enumerator: each attempt asks.
        for (var i = 0; i < Operations.Count; i++)
        {
            if (Operations[i].TaskType == taskType) return Operations[i].AttemptTimeout ?? AttemptTimeout;
        }

        return AttemptTimeout;
    }

    /// <summary>
    /// The most concurrent calls to each address of the service, over all processes; null for no limit. The tasks of a pack count as one
    /// call.
    /// </summary>
    public int? MaxRunning { get; init; }

    /// <summary>
    /// How many calls each address of the service accepts over time, over all processes; null for no limit. The tasks of a pack count as
    /// one call.
    /// </summary>
    public RateLimit? Rate { get; init; }

    /// <summary>
    /// When the service may be called; null for always. Outside these hours its tasks wait, and what runs is finished.
    /// </summary>
    public AllowedHours? AllowedHours { get; init; }

    /// <summary>The labels that a worker must have to call the service, for example <c>gpu</c>.</summary>
    public IReadOnlyList<string> RequiredLabels { get; init; } = [];

    /// <summary>When an address of the service counts as down, and how often it is tried again.</summary>
    public CircuitSettings Circuit { get; init; } = new();

    /// <summary>
    /// The path that answers with a 2xx status while the service is healthy, for example <c>/health</c>. Null when there is none: then
    /// single tasks find out whether the service is back.
    /// </summary>
    public string? HealthPath { get; init; }

    /// <summary>
    /// The keys of a job's configuration that hold secrets. They are stored encrypted and never shown again; the adapter gets them
    /// decrypted.
    /// </summary>
    public IReadOnlyList<string> SecretConfig { get; init; } = [];

    /// <summary>
    /// The service's http or https address for jobs that name none; the variable <c>NAME_API_URL</c> overrides it. Its query is part of
    /// <see cref="TaskContext.Upstream"/>. Null when every job must name an address.
    /// </summary>
    public Uri? Address { get; init; }

    /// <summary>
    /// The operation of requests that name none, for example `identify`. Null when a request must name one, unless there is only one.
    /// </summary>
    public string? DefaultOperation { get; init; }

    /// <summary>
    /// How people see the results; null for a table of their fields. <see cref="AdapterOperation.View"/> comes before it.
    /// </summary>
    public ResultView? View { get; init; }

    /// <summary>
    /// True when the adapter works on the queue's own database: it calls no address, and its jobs cannot run while the database takes
    /// nothing.
    /// </summary>
    public bool IsLocal { get; init; }
}
