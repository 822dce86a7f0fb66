using StashAI.Gateway.Routes.Declared;
using StashAI.Hosting.Settings;

namespace StashAI.Gateway.Routes.Batch;

/// <summary>Puts the parts of this folder into a gateway.</summary>
internal static class DeclaredApi
{
    public static IServiceCollection AddDeclaredApi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings(configuration, AllowedFolders.Read);
        services.AddSingleton<BodyGuard>();
        services.AddSingleton<DeclaredJobs>();
        services.AddSingleton<DeclaredRoutes>();
        return services;
    }
}
