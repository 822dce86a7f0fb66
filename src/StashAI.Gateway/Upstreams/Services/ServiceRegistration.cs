using StashAI.Hosting.Settings;

namespace StashAI.Gateway.Upstreams.Services;

/// <summary>Registers the services of this folder in a process that calls services.</summary>
internal static class ServiceRegistration
{
    public static IServiceCollection AddServiceFiles(this IServiceCollection services, IConfiguration configuration, string dataDirectory)
    {
        var settings = SettingsReader.Bind(configuration, reader => ServiceSettings.Read(reader, dataDirectory));
        services.AddSingleton(provider => new ServiceFiles(
            settings.Declarations, name => configuration[name], provider.GetRequiredService<ILogger<ServiceFiles>>()));
        services.AddSingleton(settings);
        services.AddSingleton(new ServiceVariables(name => configuration[name]));
        services.AddSingleton(provider => new PluginLoader(
            settings.Plugins, name => configuration[name], provider.GetRequiredService<ILogger<PluginLoader>>()));
        services.AddSingleton<ServiceCatalog>();
        services.AddSingleton<ServiceReloader>();
        services.AddHostedService(provider => provider.GetRequiredService<ServiceReloader>());
        return services;
    }
}
