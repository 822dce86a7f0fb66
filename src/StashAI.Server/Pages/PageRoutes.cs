namespace StashAI.Server.Pages;

/// <summary>What people open in a browser.</summary>
internal static class PageRoutes
{
    public static void Map(IEndpointRouteBuilder routes) => DemoPage.Map(routes);
}
