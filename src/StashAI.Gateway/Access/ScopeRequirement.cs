using Microsoft.AspNetCore.Authorization;
using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Access;

/// <summary>The requirement of a policy: a scope, or the route's own <see cref="RouteScope"/>.</summary>
/// <param name="Scope">Null for the route's own.</param>
internal sealed record ScopeRequirement(ApiScope? Scope) : IAuthorizationRequirement;
