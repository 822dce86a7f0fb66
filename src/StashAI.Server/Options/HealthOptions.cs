namespace StashAI.Server.Options;

/// <summary>The options of <c>stashai health</c>.</summary>
internal sealed record HealthOptions
{
    /// <summary>The address of a gateway or of a Visage service, without a path.</summary>
    public required Uri Url { get; init; }
}
