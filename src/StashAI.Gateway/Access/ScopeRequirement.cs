using Microsoft.AspNetCore.Authorization;
using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Access;

/// <summary>What a policy asks for: a scope, or what the route needs by its <see cref="RouteScope"/>.</summary>
/// <param name="Scope">Null for the route's own.</param>
internal sealed record ScopeRequirement(ApiScope? Scope) : IAuthorizationRequirement;
