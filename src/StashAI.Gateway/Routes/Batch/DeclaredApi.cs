using StashAI.Gateway.Routes.Declared;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Hosting.Settings;

namespace StashAI.Gateway.Routes.Batch;

/// <summary>Registers the services of this folder.</summary>
internal static class DeclaredApi
{
    public static IServiceCollection AddDeclaredApi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings(configuration, AllowedFolders.Read);
        services.AddSingleton<DeclaredJobs>();
        services.AddSingleton<IJobForms>(provider => provider.GetRequiredService<DeclaredJobs>());
        services.AddSingleton<IConfigChanges>(provider => provider.GetRequiredService<DeclaredJobs>());
        services.AddSingleton<DeclaredRoutes>();
        return services;
    }
}
