using Microsoft.Extensions.DependencyInjection.Extensions;

namespace StashAI.Server.Security;

/// <summary>Puts the parts of this folder into a server.</summary>
internal static class SecurityRegistration
{
    /// <summary>Registers the settings and the outbound side.</summary>
    /// <exception cref="InvalidOperationException">A setting is not usable; the message names it.</exception>
    public static IServiceCollection AddSecurity(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(SecurityOptions.From(configuration));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ServiceAddresses>();
        services.AddSingleton<IDnsResolver, SystemDnsResolver>();
        services.AddSingleton<OutboundPolicy>();
        services.AddSingleton<OutboundConnector>();
        services.AddSingleton<OutboundHttpClientFactory>();
        services.AddSingleton(new UpstreamAliases(UpstreamAliases.Default));
        return services;
    }
}
