using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Access;

/// <summary>The caller of a request, as far as known.</summary>
/// <param name="Scope">What the caller may do.</param>
/// <param name="KeyPrefix">The prefix of the key, for logs; null without a key.</param>
/// <param name="HearsAll">True when it receives the interactions of all sessions.</param>
internal sealed record Caller(ApiScope Scope, string? KeyPrefix, bool HearsAll)
{
    /// <summary>A program on this machine, while there are no keys.</summary>
    public static Caller Owner { get; } = new(ApiScope.Admin, null, HearsAll: true);

    /// <summary>A caller without a key, where the operator allows everyone.</summary>
    public static Caller Guest { get; } = new(ApiScope.Submit, null, HearsAll: false);

    /// <summary>The name of its key, which jobs keep as their owner; null for somebody without one.</summary>
    public string? KeyName { get; init; }

    /// <summary>When its key stops being valid; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>True when the cookie of a login holds its key.</summary>
    public bool IsLogin { get; init; }

    /// <summary>For logs.</summary>
    public string Name => KeyPrefix ?? "nobody";

    public static Caller Of(ApiKey key) => new(key.Scope, key.Prefix, HearsAll: true) { KeyName = key.Name, ExpiresAt = key.ExpiresAt };
}
