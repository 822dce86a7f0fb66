namespace StashAI.Server.Api.Services;

/// <summary>Puts the parts of this folder into a gateway.</summary>
internal static class ServiceApi
{
    public static IServiceCollection AddServiceApi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(AllowedFolders.From(configuration));
        services.AddSingleton<BodyGuard>();
        services.AddSingleton<ServiceRoutes>();
        return services;
    }
}
