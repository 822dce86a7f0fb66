using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Access;

/// <summary>Sets what a route needs, next to the route.</summary>
internal static class RouteRole
{
    /// <summary>If the server has API keys, the route needs one of this scope.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder route, ApiScope scope)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RouteScope(scope));

    /// <summary>The route is open to everybody.</summary>
    public static TBuilder NeedsNothing<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new OpenRoute());
}
