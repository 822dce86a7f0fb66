using StashAI.Gateway.Pages.Dashboard;
using StashAI.Gateway.Pages.OpenApi;
using StashAI.Gateway.Routes.Health;

namespace StashAI.Gateway.Pages;

/// <summary>The pages for browsers.</summary>
internal static class PageRoutes
{
    public static IServiceCollection AddPages(this IServiceCollection services) => services.AddApiDocument()
        .AddSingleton(DashboardFiles.Read())
        .AddSingleton<FirstAnswers>()
        .AddHostedService(provider => provider.GetRequiredService<FirstAnswers>())
        .AddSingleton<IDashboard, DashboardPage>();

    public static void Map(IEndpointRouteBuilder routes)
    {
        DashboardPage.Map(routes);
        DocsPage.Map(routes);
        OpenApiRoute.Map(routes);
    }
}
