using Microsoft.Extensions.DependencyInjection.Extensions;
using StashAI.Gateway.Access;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Upstreams.Outbound;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Problems;
using StashAI.Hosting.Bodies;
using StashAI.Hosting.Clients;
using StashAI.Hosting.Connections;
using StashAI.Hosting.Settings;

namespace StashAI.Server.Hosting;

/// <summary>Puts the parts of this folder into a server.</summary>
internal static class SecurityRegistration
{
    /// <summary>Registers the settings and the outbound side.</summary>
    public static IServiceCollection AddSecurity(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings(configuration, SecurityOptions.Read);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<Func<ServiceSnapshot>>(provider => () => provider.GetRequiredService<ServiceCatalog>().Current);
        services.AddSingleton<ThisMachine>();
        services.TryAddSingleton<IDnsResolver, SystemDnsResolver>();
        services.AddSingleton<OutboundPolicy>();
        services.AddSingleton<OutboundConnector>();
        services.AddSingleton<OutboundHttpClientFactory>();
        return services;
    }

    /// <summary>Registers the inbound side: who may come in. It needs the store's <c>IApiKeys</c>.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddSingleton<ApiKeyRing>();
        services.AddSingleton<Tickets>();
        services.AddSingleton<AuthThrottle>();
        services.AddSingleton<AccessControl>();
        return services.AddHostedService<BindingCheck>();
    }

    /// <summary>Puts the checks into the pipeline, in their order, and the route of tickets behind them.</summary>
    public static void UseAccess(this WebApplication app)
    {
        app.UseConnectionGate();
        app.UseClientAddresses(app.Services.GetRequiredService<SecurityOptions>().TrustedProxies);
        app.UseMiddleware<AccessLog>();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseGuardedBodies(app.Services.GetRequiredService<ConnectionSettings>().Pace, app.Services.GetRequiredService<TimeProvider>());
        app.UseMiddleware<HostOriginMiddleware>();
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(20), KeepAliveTimeout = TimeSpan.FromSeconds(20) });
        app.UseMiddleware<AccessMiddleware>();
        TicketRoute.Map(app);
    }
}
