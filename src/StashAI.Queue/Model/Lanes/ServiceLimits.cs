using StashAI.Sdk;

namespace StashAI.Queue.Model.Lanes;

/// <summary>The limits of a service as stored: what it declares, what people have set, and when its allowed hours open and close.</summary>
public sealed record ServiceLimits
{
    public required string Service { get; init; }

    /// <summary>What its declaration says.</summary>
    public required LimitValues Declared { get; init; }

    /// <summary>What people have set; null takes the declared value.</summary>
    public required LimitValues Set { get; init; }

    /// <summary>When its allowed hours open; in the past while they are open. Null without hours.</summary>
    public DateTimeOffset? OpenFrom { get; init; }

    /// <summary>When the open hours, or the next ones, close; null without hours.</summary>
    public DateTimeOffset? OpenUntil { get; init; }

    /// <summary>The limits in force.</summary>
    public LimitValues InForce => new(
        Set.MaxRunning ?? Declared.MaxRunning,
        Set.RatePerSecond ?? Declared.RatePerSecond,
        (Set.RatePerSecond ?? Declared.RatePerSecond) is null ? null : Set.RateBurst ?? Declared.RateBurst ?? 1,
        Set.Hours ?? Declared.Hours);

    /// <summary>True outside its allowed hours.</summary>
    public bool IsClosed(DateTimeOffset now) => OpenUntil is { } until && (OpenFrom > now || until <= now);

    /// <summary>The limits of a service that declares none.</summary>
    public static ServiceLimits None(string service) => new() { Service = service, Declared = default, Set = default };
}

/// <summary>Limits of a service.</summary>
/// <param name="MaxRunning">The most calls at once to each of its addresses; null for no limit.</param>
/// <param name="RatePerSecond">How many calls a second each of its addresses accepts; null for no limit.</param>
/// <param name="RateBurst">How many calls may start at the same moment.</param>
/// <param name="Hours">When it may be called, as <see cref="AllowedHours"/> reads it; null for always.</param>
public readonly record struct LimitValues(int? MaxRunning, double? RatePerSecond, double? RateBurst, string? Hours);
