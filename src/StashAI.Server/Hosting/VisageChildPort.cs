using System.Net;
using System.Net.Sockets;

namespace StashAI.Server.Hosting;

/// <summary>Chooses a loopback port by binding it, because only binding shows whether it is free.</summary>
internal static class VisageChildPort
{
    public static int Choose(int preferred) => TryBind(preferred) ?? TryBind(0)
        ?? throw new InvalidOperationException("no port is free on 127.0.0.1");

    private static int? TryBind(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
