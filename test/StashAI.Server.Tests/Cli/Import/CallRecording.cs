using System.Net;
using System.Net.Sockets;
using System.Text;

namespace StashAI.Server.Tests.Cli.Import;

/// <summary>A server that keeps calls byte for byte as they arrive, and answers each with a small JSON.</summary>
internal sealed class CallRecording : IAsyncDisposable
{
    private static readonly byte[] Answer =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 12\r\nConnection: close\r\n\r\n{\"text\":\"x\"}"u8.ToArray();

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Task running;
    private readonly List<RecordedCall> calls = [];

    public CallRecording()
    {
        listener.Start();
        running = RunAsync();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>The calls since the last time this was asked.</summary>
    public List<RecordedCall> Take()
    {
        lock (calls)
        {
            var taken = calls.ToList();
            calls.Clear();
            return taken;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await running;
        stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(stop.Token);
                await AnswerAsync(client.GetStream());
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        try
        {
            var bytes = new List<byte>();
            var head = -1;
            while ((head = Find(bytes, "\r\n\r\n"u8)) < 0)
            {
                if (!await ReadAsync(stream, bytes)) return;
            }

            var lines = Encoding.UTF8.GetString([.. bytes[..head]]).Split("\r\n");
            var headers = lines[1..].Select(line => line.Split(':', 2))
                .Select(pair => new KeyValuePair<string, string>(pair[0], pair[1].Trim())).ToList();
            if (headers.Exists(header => header.Key.Equals("Expect", StringComparison.OrdinalIgnoreCase)))
            {
                await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), stop.Token);
            }

            var length = headers.Find(header => header.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)).Value is { } text
                ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture)
                : 0;
            while (bytes.Count < head + 4 + length)
            {
                if (!await ReadAsync(stream, bytes)) return;
            }

            var first = lines[0].Split(' ');
            // Before the answer: a caller that has it asks for its call.
            lock (calls) calls.Add(new RecordedCall(first[0], string.Join(' ', first[1..^1]), headers, [.. bytes[(head + 4)..]]));
            await stream.WriteAsync(Answer, stop.Token);
        }
        catch (IOException)
        {
            // The caller went away.
        }
    }

    private async Task<bool> ReadAsync(NetworkStream stream, List<byte> bytes)
    {
        var buffer = new byte[16 * 1024];
        var read = await stream.ReadAsync(buffer, stop.Token);
        bytes.AddRange(buffer.AsSpan(0, read));
        return read > 0;
    }

    private static int Find(List<byte> bytes, ReadOnlySpan<byte> what) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes).IndexOf(what);
}
