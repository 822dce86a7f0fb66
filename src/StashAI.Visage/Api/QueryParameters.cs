namespace StashAI.Visage.Api;

/// <summary>The parameters that a route reads from its query; a route without this metadata reads none.</summary>
/// <param name="Names">Their names.</param>
internal sealed record QueryParameters(params IReadOnlyList<string> Names)
{
    /// <summary>Monitors and pages add parameters of their own, such as a time that keeps caches away.</summary>
    public static QueryParameters Free { get; } = new() { IsFree = true };

    /// <summary>True for a route that reads none and refuses none.</summary>
    public bool IsFree { get; private init; }
}
