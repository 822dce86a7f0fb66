using StashAI.Queue.Model;

namespace StashAI.Server.Security;

/// <summary>What a route needs, as metadata of its endpoint, where the rules of <see cref="RouteScopes"/> do not fit. Null: nothing.</summary>
internal sealed record RouteScope(ApiScope? Scope);
