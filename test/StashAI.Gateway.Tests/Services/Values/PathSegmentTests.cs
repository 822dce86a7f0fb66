using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CsCheck;

namespace StashAI.Gateway.Tests.Services.Values;

/// <summary>What a template writes into a segment of a path stays in it, as it is seen on the wire.</summary>
public sealed class PathSegmentTests
{
    private static readonly string[] Pieces =
    [
        ".", "..", "%2e", "%2E", "%252e", "/", "\\", ";", "?", "#", "\0", " ", "a", "é", "😀", ":", "@", "&", "=", "+", "~", "\u2024", "．",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_item_stays_in_its_segment_or_fails()
    {
        using var upstream = new RawListener();
        await using var host = await ServiceHost.StartAsync($$$"""
            name: p
            url: {{{upstream.Url}}}/base
            config: {key: {type: string, default: k}}
            operations:
              middle: {item: string, request: {method: GET, path: "/v1/{{ item }}/end"}}
              last: {item: string, request: {method: GET, path: "/v1/{{ item }}"}}
              half: {item: string, request: {method: GET, path: "/v1/.{{ item }}/end"}}
              two: {item: string, request: {method: GET, path: "/v1/{{ item }}{{ config.key }}/end"}}
            """);
        var items = new List<string> { ".", "..", "%2e%2e", ".%2E", "...", "a/../b", "..\\..", "..;", "\0", "../x" };
        await Gen.OneOf(Pieces).Array[1, 5].Select(pieces => string.Concat(pieces)).SampleAsync(
            item =>
            {
                lock (items) items.Add(item);
                return Task.CompletedTask;
            },
            iter: 150);

        foreach (var (operation, key) in ((string, string)[])[("middle", "k"), ("last", "k"), ("half", "k"), ("two", "."), ("two", "..")])
        {
            upstream.Lines.Clear();
            var job = await host.RunAsync($"/api/p/batch/{operation}", JsonSerializer.Serialize(new { items, config = new { key } }));

            var expected = new List<string>();
            for (var i = 0; i < items.Count; i++)
            {
                var segment = operation switch
                {
                    "half" => "." + Uri.EscapeDataString(items[i]),
                    "two" => Uri.EscapeDataString(items[i]) + key,
                    _ => Uri.EscapeDataString(items[i]),
                };
                if (segment is not ("." or "..")) expected.Add($"GET /base/v1/{segment}{(operation == "last" ? "" : "/end")} HTTP/1.1");
            }

            Assert.Equal(expected.Order(StringComparer.Ordinal), upstream.Lines.Order(StringComparer.Ordinal));
            Assert.Equal(items.Count - expected.Count, job.GetProperty("failed_tasks").GetInt32());
        }
    }

    /// <summary>Answers every request and keeps its first line as it came over the wire.</summary>
    private sealed class RawListener : IDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly Task accepting;

        public RawListener()
        {
            listener.Start();
            accepting = AcceptAsync();
        }

        public string Url => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

        public ConcurrentBag<string> Lines { get; } = [];

        public void Dispose()
        {
            listener.Dispose();
            GC.KeepAlive(accepting);
        }

        private async Task AcceptAsync()
        {
            var clients = new List<Task>();
            try
            {
                while (true) clients.Add(AnswerAsync(await listener.AcceptTcpClientAsync(Cancellation)));
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                await Task.WhenAll(clients);
            }
        }

        private async Task AnswerAsync(TcpClient client)
        {
            using (client)
            {
                await using var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.Latin1);
                if (await reader.ReadLineAsync(Cancellation) is not { } line) return;
                Lines.Add(line);
                while (await reader.ReadLineAsync(Cancellation) is { Length: > 0 })
                {
                }

                await stream.WriteAsync(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"u8.ToArray(),
                    Cancellation);
            }
        }
    }
}
