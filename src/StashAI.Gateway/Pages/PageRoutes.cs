using StashAI.Gateway.Pages.OpenApi;

namespace StashAI.Gateway.Pages;

/// <summary>The pages for browsers.</summary>
internal static class PageRoutes
{
    public static IServiceCollection AddPages(this IServiceCollection services) => services.AddApiDocument();

    public static void Map(IEndpointRouteBuilder routes)
    {
        DemoPage.Map(routes);
        DocsPage.Map(routes);
        OpenApiRoute.Map(routes);
    }
}
