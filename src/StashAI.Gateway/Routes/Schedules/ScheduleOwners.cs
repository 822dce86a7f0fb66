using StashAI.Gateway.Access;
using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Routes.Schedules;

/// <summary>
/// With whose rights a run submits: those that the owner's key has at that moment. As with jobs, a key of the same name is the owner's,
/// so that a replaced key needs no change.
/// </summary>
internal sealed class ScheduleOwners(ApiKeyRing ring, AccessControl access)
{
    /// <summary>The prefix that no key has: the idempotency keys of runs are no client's.</summary>
    private const string Prefix = "(schedule)";

    private const string WayOut = "A key of the scope operate takes the schedule over with PATCH and \"take_over\": true.";

    /// <summary>The idempotency key of a run as the database keeps it.</summary>
    public static string StoredKey(string key) => $"{Prefix}\n{key}";

    /// <summary>The caller of a run's submit; null and the reason when the owner may not run schedules now.</summary>
    public async Task<(Caller? Caller, string? Reason)> FindAsync(string? owner, CancellationToken cancellationToken)
    {
        if (owner is null)
        {
            return await access.HasKeysAsync(cancellationToken)
                ? (null, $"The schedule was made without a key, and this server has keys now. {WayOut}")
                : (Of(ApiScope.Admin, null), null);
        }

        ApiScope? best = null;
        foreach (var scope in await ring.ScopesOfAsync(owner, cancellationToken))
        {
            if (best?.Includes(scope) != true) best = scope;
        }

        if (best is not { } found)
            return (null, $"The key '{owner}' of the schedule's owner was revoked, has expired or is gone. {WayOut}");
        return found.Includes(ApiScope.Operate)
            ? (Of(found, owner), null)
            : (null, $"The key '{owner}' of the schedule's owner no longer has the scope operate. {WayOut}");
    }

    private static Caller Of(ApiScope scope, string? name) => new(scope, Prefix, HearsAll: false) { KeyName = name };
}
