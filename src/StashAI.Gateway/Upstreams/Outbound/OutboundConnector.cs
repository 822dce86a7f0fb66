using System.Net;
using System.Net.Sockets;

namespace StashAI.Gateway.Upstreams.Outbound;

/// <summary>Opens connections to checked addresses only.</summary>
internal sealed class OutboundConnector(OutboundPolicy policy, TimeProvider time)
{
    /// <summary>How long to wait for an address while there is another one to try.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    /// <summary>The connect callback of <see cref="SocketsHttpHandler"/>.</summary>
    public async ValueTask<Stream> ConnectAsync(
        OutboundPurpose purpose, SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = await policy.FindAddressesAsync(purpose, host, port, cancellationToken);
        for (var i = 0; i < addresses.Count - 1; i++)
        {
            using var patience = new CancellationTokenSource(Timeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            try
            {
                return await ConnectAsync(addresses[i], port, either.Token);
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException
                && !cancellationToken.IsCancellationRequested)
            {
                // the next address may answer
            }
        }

        return await ConnectAsync(addresses[^1], port, cancellationToken);
    }

    private static async ValueTask<Stream> ConnectAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
