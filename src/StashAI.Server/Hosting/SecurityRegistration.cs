using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StashAI.Gateway.Access;
using StashAI.Gateway.Dialects;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Upstreams.Outbound;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Requests;
using StashAI.Hosting.Addresses;
using StashAI.Hosting.Answers;
using StashAI.Hosting.Bodies;
using StashAI.Hosting.Clients;
using StashAI.Hosting.Connections;
using StashAI.Hosting.Origins;
using StashAI.Hosting.Problems;
using StashAI.Hosting.Settings;
using StashAI.Queue.Model.Access;

namespace StashAI.Server.Hosting;

/// <summary>Registers the security of the server.</summary>
internal static class SecurityRegistration
{
    /// <summary>Registers the settings and the rules for outbound calls.</summary>
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
        services.AddHostOrigins(SettingsReader.Bind(configuration, SecurityOptions.ReadHostOrigins));
        return services;
    }

    /// <summary>Registers the access control of inbound requests. It needs the store's <c>IApiKeys</c>.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddSingleton<KeyUses>();
        services.AddHostedService(provider => provider.GetRequiredService<KeyUses>());
        services.AddSingleton<ApiKeyRing>();
        services.AddSingleton<Logins>();
        services.AddSingleton<Tickets>();
        services.AddSingleton<AuthThrottle>();
        services.AddSingleton(
            provider => new UntrustedProxies(TrustedProxies.Setting, provider.GetRequiredService<ILogger<UntrustedProxies>>()));
        services.AddSingleton<AccessControl>();
        services.AddSingleton<AuditLog>();
        services.AddExceptionHandler<GatewayExceptions>();
        // Not AddAuthentication, which also creates keys for cookies in the home folder.
        services.AddAuthenticationCore(authentication =>
        {
            authentication.AddScheme<ApiKeyHandler>(ApiKeyHandler.Scheme, null);
            authentication.DefaultScheme = ApiKeyHandler.Scheme;
        });
        services.AddTransient<ApiKeyHandler>();
        services.AddSingleton<IAuthorizationHandler, ScopeHandler>();
        services.AddAuthorization(authorization =>
        {
            foreach (var scope in Enum.GetValues<ApiScope>())
                authorization.AddPolicy(ApiScopeWords.Of(scope), policy => policy.AddRequirements(new ScopeRequirement(scope)));
            // For routes without a policy, and for unknown paths.
            authorization.FallbackPolicy = new AuthorizationPolicyBuilder().AddRequirements(new ScopeRequirement(null)).Build();
        });
        return services.AddHostedService<BindingCheck>();
    }

    /// <summary>Adds the checks to the pipeline in order, and the route for tickets after them.</summary>
    public static void UseAccess(this WebApplication app)
    {
        var proxies = app.Services.GetRequiredService<SecurityOptions>().TrustedProxies;
        app.UseConnectionGate();
        app.UseClientAddresses(proxies);
        app.UsePublicAddresses(proxies, app.Services.GetRequiredService<BasePath>());
        app.UseMiddleware<AccessLog>();
        app.UseDialects();
        app.UseProblems();
        app.UseHeadRequests();
        app.UseGuardedBodies(app.Services.GetRequiredService<ConnectionSettings>().Pace, app.Services.GetRequiredService<TimeProvider>());
        app.UseHostOrigins();
        app.UseRouting();
        app.UseWebSockets(
            new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(20), KeepAliveTimeout = TimeSpan.FromSeconds(20) });
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseMiddleware<ParameterCheck>();
        app.UseMiddleware<EmptyBodyCheck>();
        TicketRoute.Map(app);
    }
}
