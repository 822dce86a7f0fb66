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
}
