using Microsoft.AspNetCore.Authorization;
using StashAI.Gateway.Settings;
using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Access;

/// <summary>The scope that a route needs, as metadata of its endpoint, where the rules of <see cref="RouteScopes"/> do not fit.</summary>
internal sealed class RouteScope(ApiScope scope) : AuthorizeAttribute(ApiScopeWords.Of(scope))
{
    public ApiScope Scope => scope;
}
