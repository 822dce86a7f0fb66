using System.Net;
using System.Net.Sockets;

namespace StashAI.Testing.ScriptedServices;

/// <summary>
/// A port of 127.0.0.1 where every connection is refused: it is taken, so that nobody else can listen there, and never listens.
/// </summary>
public sealed class RefusingPort : IDisposable
{
    private readonly Socket socket;

    private RefusingPort(Socket socket) => this.socket = socket;

    /// <summary>The port number.</summary>
    public int Port => ((IPEndPoint)socket.LocalEndPoint!).Port;

    /// <summary>The address as a URL, without a slash at the end.</summary>
    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>Takes a free port, or the given one.</summary>
    /// <exception cref="SocketException">The given port is in use.</exception>
    public static RefusingPort Take(int port = 0)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // Connections that the port served a moment ago may linger; only a reusing socket may bind beside them.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, port != 0);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return new RefusingPort(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => socket.Dispose();
}
