namespace StashAI.Server.Options;

/// <summary>What <c>stashai health</c> asks.</summary>
internal sealed record HealthOptions
{
    /// <summary>The address of a gateway or of a Visage service, without a path.</summary>
    public required Uri Url { get; init; }
}
