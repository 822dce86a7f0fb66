using Microsoft.AspNetCore.Authorization;

namespace StashAI.Gateway.Access;

/// <summary>Metadata of a route that everybody may use.</summary>
internal sealed record OpenRoute : IAllowAnonymous;
