using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Problems;
using StashAI.Hosting.Clients;
using StashAI.Hosting.Origins;
using StashAI.Server.Hosting;

namespace StashAI.Gateway.Tests.Access;

/// <summary>Real Kestrel servers on free ports of this machine, with our middleware in the order that the product uses.</summary>
internal static class TestServers
{
    public static async Task<WebApplication> StartAsync(
        Action<WebApplication> map, Dictionary<string, string?>? settings = null, ILoggerProvider? log = null, IDnsResolver? dns = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (log is not null)
        {
            builder.Logging.AddProvider(log);
        }

        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSecurity(Settings(settings));
        builder.Services.AddSingleton<Func<ServiceSnapshot>>(() => ServiceSnapshot.Empty);
        if (dns is not null) builder.Services.AddSingleton<IDnsResolver>(dns);
        builder.Services.AddExceptionHandler<GatewayExceptions>();
        var app = builder.Build();
        app.UseClientAddresses(app.Services.GetRequiredService<SecurityOptions>().TrustedProxies);
        app.UseProblems();
        app.UseHostOrigins();
        app.UseWebSockets();
        app.UseRouting();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    public static IConfiguration Settings(Dictionary<string, string?>? settings = null) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings ?? []).Build();

    public static Uri Address(this WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
}
