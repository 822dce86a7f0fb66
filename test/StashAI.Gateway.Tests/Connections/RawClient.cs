using System.Net.Sockets;
using System.Text;

namespace StashAI.Gateway.Tests.Connections;

/// <summary>A client that writes bytes of its own choice on a connection, as no library would.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket socket;

    private RawClient(Socket socket) => this.socket = socket;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<RawClient> ConnectAsync(string url)
    {
        var address = new Uri(url);
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port, Cancellation);
        return new RawClient(socket);
    }

    public async Task SendAsync(string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        for (var sent = 0; sent < bytes.Length;) sent += await socket.SendAsync(bytes.AsMemory(sent), SocketFlags.None, Cancellation);
    }

    /// <summary>Sends as much as the server takes; it may close before the end.</summary>
    public async Task TrySendAsync(string text)
    {
        try
        {
            await SendAsync(text);
        }
        catch (SocketException)
        {
            // The answer, if there is one, says why.
        }
    }

    /// <summary>Says that nothing more comes.</summary>
    public void EndSending() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>The next bytes that the server sends; empty when it closed the connection.</summary>
    public async Task<string> ReadAsync()
    {
        var buffer = new byte[16 * 1024];
        try
        {
            return Encoding.Latin1.GetString(buffer, 0, await socket.ReceiveAsync(buffer, SocketFlags.None, Cancellation));
        }
        catch (SocketException)
        {
            return "";
        }
    }

    /// <summary>All that the server sends until it closes the connection.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var text = new StringBuilder();
        while (await ReadAsync() is { Length: > 0 } part) text.Append(part);
        return text.ToString();
    }

    /// <summary>The status of the answer; 0 when the server closed the connection without one.</summary>
    public async Task<int> StatusAsync() => StatusOf(await ReadAsync());

    public static int StatusOf(string answer) =>
        answer.StartsWith("HTTP/1.", StringComparison.Ordinal) ? int.Parse(answer.AsSpan(9, 3), provider: null) : 0;

    public void Dispose() => socket.Dispose();
}
