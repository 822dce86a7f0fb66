using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace StashAI.Hosting.Connections;

/// <summary>Adds a <see cref="ConnectionGate"/> to a server.</summary>
public static class GatedConnections
{
    /// <summary>Registers the gate and the listeners that wait for it.</summary>
    public static void AddConnectionGate(this IServiceCollection services, Func<IServiceProvider, int> limit)
    {
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<ConnectionGate>(provider, limit(provider)));
        services.AddSingleton<IMemoryPoolFactory<byte>, ConnectionMemory>();
        services.AddSingleton<SocketTransportFactory>();
        // Kestrel tries the factory that was registered last first.
        services.AddSingleton<IConnectionListenerFactory, GatedListenerFactory>();
    }

    /// <summary>Runs the connections of all endpoints through the gate.</summary>
    public static void UseConnectionGate(this KestrelServerOptions kestrel) => kestrel.ConfigureEndpointDefaults(endpoint =>
    {
        var gate = endpoint.ApplicationServices.GetRequiredService<ConnectionGate>();
        endpoint.Use(next => connection => gate.RunAsync(connection, next));
    });

    /// <summary>Tells the gate which connections are handling a request.</summary>
    public static void UseConnectionGate(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var place = context.Features.Get<ConnectionGate.Place>();
        place?.BeginRequest();
        try
        {
            await next(context);
        }
        finally
        {
            place?.EndRequest();
        }
    });
}
