using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace StashAI.Testing.Connections;

/// <summary>
/// A scripted fake of the network between a client and a server: it passes bytes on, and cuts the connection at chosen bytes of what
/// clients send.
/// </summary>
public sealed class ScriptedRelay : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly ConcurrentQueue<(long At, Func<Task> ThenAsync)> cuts = new();
    private readonly ConcurrentDictionary<Task, bool> connections = new();
    private readonly Task accepting;
    private long sent;

    public ScriptedRelay(string target)
    {
        Target = target;
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>The server's address, which may change.</summary>
    public string Target { get; set; }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    /// <summary>The bytes of all clients that were passed on.</summary>
    public long Sent => Interlocked.Read(ref sent);

    /// <summary>Cuts the connection after so many bytes of all clients; then something happens before the next connection.</summary>
    public void CutAt(long bytes, Func<Task>? then = null) => cuts.Enqueue((bytes, then ?? (() => Task.CompletedTask)));

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Stop();
        await accepting;
        await Task.WhenAll(connections.Keys);
        end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!end.IsCancellationRequested)
        {
            Socket client;
            try
            {
                client = await listener.AcceptSocketAsync(end.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            var connection = RelayAsync(client);
            connections[connection] = true;
            _ = connection.ContinueWith(done => connections.TryRemove(done, out _), TaskScheduler.Default);
        }
    }

    private async Task RelayAsync(Socket client)
    {
        var target = new Uri(Target);
        using (client)
        using (var server = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            try
            {
                await server.ConnectAsync(target.Host, target.Port, end.Token);
                var back = PumpAsync(server, client, bytes => Task.FromResult(bytes));
                await PumpAsync(client, server, AllowAsync);
                client.Close();
                server.Close();
                await back;
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The connection is over.
            }
        }
    }

    /// <summary>How many of these bytes pass.</summary>
    private async Task<int> AllowAsync(int bytes)
    {
        if (!cuts.TryPeek(out var cut) || Interlocked.Read(ref sent) + bytes < cut.At || !cuts.TryDequeue(out cut))
        {
            Interlocked.Add(ref sent, bytes);
            return bytes;
        }

        await cut.ThenAsync();
        return 0;
    }

    private async Task PumpAsync(Socket from, Socket to, Func<int, Task<int>> allowAsync)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (true)
            {
                var read = await from.ReceiveAsync(buffer, end.Token);
                if (read == 0 || await allowAsync(read) == 0) break;
                await to.SendAsync(buffer.AsMemory(0, read), end.Token);
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The other side is gone.
        }

        from.Close();
        to.Close();
    }
}
