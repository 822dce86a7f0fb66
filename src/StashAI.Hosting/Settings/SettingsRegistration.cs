using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace StashAI.Hosting.Settings;

/// <summary>Settings as the framework's options.</summary>
public static class SettingsRegistration
{
    /// <summary>
    /// Registers a record of settings, as <see cref="IOptions{T}"/> and by itself. The host reads and checks all of them when it starts,
    /// before anything else.
    /// </summary>
    public static IServiceCollection AddSettings<T>(
        this IServiceCollection services, IConfiguration configuration, Func<SettingsReader, T> read)
        where T : class
    {
        services.AddSingleton<IOptionsFactory<T>>(new SettingsOptionsFactory<T>(() => SettingsReader.Bind(configuration, read)));
        services.AddOptions<T>().ValidateOnStart();
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<T>>().Value);
        return services;
    }
}
