namespace StashAI.Sdk;

/// <summary>Names an adapter and its operations, as they appear on the wire.</summary>
public sealed record AdapterManifest
{
    /// <summary>The adapter's name (`adapter_name` on the wire), lower case, for example `visage`.</summary>
    public required string Name { get; init; }

    /// <summary>The operations that tasks of this adapter may ask for; never empty.</summary>
    public required IReadOnlyList<AdapterOperation> Operations { get; init; }

    /// <summary>The longest that one attempt may take.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The most calls that each address of the service takes at once, over all processes; null for no limit of its own. Tasks in a pack are one call.</summary>
    public int? MaxRunning { get; init; }

    /// <summary>How many calls each address of the service takes over time, over all processes; null for no limit. Tasks in a pack are one call.</summary>
    public RateLimit? Rate { get; init; }

    /// <summary>Labels that a worker must have to call the service, for example `gpu`.</summary>
    public IReadOnlyList<string> RequiredLabels { get; init; } = [];

    /// <summary>When an address of the service counts as down.</summary>
    public CircuitSettings Circuit { get; init; } = new();

    /// <summary>
    /// Where the service says with a 2xx that it can work, for example `/health`; null when it has no such place: then single
    /// tasks try whether it is back.
    /// </summary>
    public string? HealthPath { get; init; }

    /// <summary>
    /// The keys of a job's configuration that hold secrets: texts that are stored encrypted and never shown again. An adapter gets them in clear.
    /// </summary>
    public IReadOnlyList<string> SecretConfig { get; init; } = [];

    /// <summary>
    /// Where the service answers unless a job says otherwise; the variable `NAME_API_URL` moves it. Null when every job must say so.
    /// </summary>
    public Uri? Address { get; init; }

    /// <summary>
    /// The operation of requests that name none, for example `identify`. Null when a request must name one, unless there is only one.
    /// </summary>
    public string? DefaultOperation { get; init; }

    /// <summary>
    /// True when the adapter works on the queue's own database: it calls no address, and its jobs cannot run while the database takes nothing.
    /// </summary>
    public bool IsLocal { get; init; }
}
