using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Access;

/// <summary>Says beside a route what it needs.</summary>
internal static class RouteRole
{
    /// <summary>Where the server has API keys, the route takes one of this scope.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder route, ApiScope scope)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RouteScope(scope));

    /// <summary>The route is open to everybody.</summary>
    public static TBuilder NeedsNothing<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new OpenRoute());
}
