using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Access;

/// <summary>What a route needs, as metadata of its endpoint, where the rules of <see cref="RouteScopes"/> do not fit. Null: nothing.</summary>
internal sealed record RouteScope(ApiScope? Scope);
