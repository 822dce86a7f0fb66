using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Access;

/// <summary>Compares a caller's scope with the route's, and stores the <see cref="Caller"/> in the request's features.</summary>
internal sealed class ScopeHandler : AuthorizationHandler<ScopeRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        if (context.Resource is not HttpContext http) return;
        var needed = requirement.Scope ?? RouteScope.Of(http.GetEndpoint(), http.Request.Method);
        var caller = CallerIdentity.Of(context.User);
        if (needed is { } scope && caller?.Scope.Includes(scope) != true && !(caller is null && await MayShowKeyLaterAsync(http))) return;
        if (caller is not null) http.Features.Set(caller);
        context.Succeed(requirement);
    }

    /// <summary>
    /// True for a WebSocket without a wrong key, which may send its key in its first message, because browsers cannot set headers.
    /// </summary>
    private static async ValueTask<bool> MayShowKeyLaterAsync(HttpContext context) =>
        context.WebSockets.IsWebSocketRequest
        && context.GetEndpoint()?.Metadata.GetMetadata<LiveRoute>() is not null
        && (await context.AuthenticateAsync()).Failure is null;
}
