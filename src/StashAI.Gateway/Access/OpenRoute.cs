using Microsoft.AspNetCore.Authorization;

namespace StashAI.Gateway.Access;

/// <summary>Metadata of a route that everybody may use, where the rules of <see cref="RouteScopes"/> do not fit.</summary>
internal sealed record OpenRoute : IAllowAnonymous;
