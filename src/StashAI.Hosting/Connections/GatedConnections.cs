using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace StashAI.Hosting.Connections;

/// <summary>Puts the <see cref="ConnectionGate"/> among a server's services before all of its connections.</summary>
public static class GatedConnections
{
    /// <summary>Registers a gate, and the listeners that wait for it.</summary>
    public static void AddConnectionGate(this IServiceCollection services, Func<IServiceProvider, int> most)
    {
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<ConnectionGate>(provider, most(provider)));
        services.AddSingleton<SocketTransportFactory>();
        // Of several factories the server takes the last.
        services.AddSingleton<IConnectionListenerFactory, GatedListenerFactory>();
    }

    /// <summary>For every address that the server will listen on.</summary>
    public static void UseConnectionGate(this KestrelServerOptions kestrel) => kestrel.ConfigureEndpointDefaults(endpoint =>
    {
        var gate = endpoint.ApplicationServices.GetRequiredService<ConnectionGate>();
        endpoint.Use(next => connection => gate.RunAsync(connection, next));
    });

    /// <summary>Tells the gate which connections have a request in work.</summary>
    public static void UseConnectionGate(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var place = context.Features.Get<ConnectionGate.Place>();
        place?.Begin();
        try
        {
            await next(context);
        }
        finally
        {
            place?.End();
        }
    });
}
