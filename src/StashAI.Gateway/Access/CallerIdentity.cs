using System.Security.Claims;

namespace StashAI.Gateway.Access;

/// <summary>A <see cref="Access.Caller"/> for the framework's authorization.</summary>
internal sealed class CallerIdentity(Caller caller) : ClaimsIdentity(ApiKeyHandler.Scheme)
{
    public Caller Caller => caller;

    public override string? Name => caller.KeyPrefix;

    /// <summary>The caller of a request; null for nobody.</summary>
    public static Caller? Of(ClaimsPrincipal user) => (user.Identity as CallerIdentity)?.Caller;
}
