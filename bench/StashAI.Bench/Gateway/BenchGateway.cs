using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using StashAI.Bench.Load;
using StashAI.Testing.Processes;

namespace StashAI.Bench.Gateway;

/// <summary>The real `stashai serve` as a process, with the stub as its Visage service, and a WebSocket to it.</summary>
internal sealed class BenchGateway : IAsyncDisposable
{
    /// <summary>The server ends a socket that answers none of its pings, and one that nobody reads answers none.</summary>
    private static readonly TimeSpan MaxUnread = TimeSpan.FromSeconds(10);

    private readonly StashAIProcess process;
    private readonly byte[] buffer = new byte[64 * 1024];
    private ClientWebSocket socket = new();
    private long lastRead;

    private BenchGateway(StashAIProcess process)
    {
        this.process = process;
        Http = new HttpClient { BaseAddress = new Uri(process.Url), Timeout = TimeSpan.FromMinutes(30) };
    }

    public HttpClient Http { get; }

    /// <summary>Where it listens, for WebSockets.</summary>
    public Uri SocketUrl => new($"{process.Url.Replace("http", "ws", StringComparison.Ordinal)}/ws/bench");

    public int ProcessId => process.ProcessId;

    /// <summary>What the server has written to its standard error: warnings, and why it ended.</summary>
    public IReadOnlyList<string> Errors => process.StandardError;

    /// <summary>Bytes.</summary>
    public long PeakMemory => process.ReadMemory().PeakResidentBytes;

    /// <summary>What the server has taken of all processors, which says more than its time where other work runs on them.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            using var server = Process.GetProcessById(process.ProcessId);
            return server.TotalProcessorTime;
        }
    }

    /// <summary>Makes <see cref="PeakMemory"/> start again.</summary>
    public void ResetPeakMemory() => process.ResetPeakMemory();

    public static async Task<BenchGateway> StartAsync(
        LoadDatabase database, Uri service, string folder, int workers, CancellationToken cancellationToken,
        IReadOnlyDictionary<string, string?>? settings = null, string? program = null)
    {
        var process = await StashAIProcess.StartAsync(
            new StashAIProcessOptions
            {
                Program = program is null ? null : [program],
                Arguments =
                [
                    "serve", "--urls", "http://127.0.0.1:0", "--data", folder, "--workers", $"{workers}", "--visage-url",
                    service.ToString(), "--log-level", "warning",
                ],
                Environment = new Dictionary<string, string?>(settings ?? new Dictionary<string, string?>())
                {
                    ["DATABASE_URL"] = database.Url,
                    ["QUEUE_DB_PATH"] = database.Url is null ? database.File : null,
                },
                Folder = folder,
            },
            cancellationToken);
        var gateway = new BenchGateway(process);
        await gateway.ConnectAsync(cancellationToken);
        return gateway;
    }

    /// <summary>Posts a body and returns the id that the answer names.</summary>
    public async Task<string> SubmitAsync(string path, byte[] body, string idField, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        using var response = await Http.PostAsync(path, content, cancellationToken);
        response.EnsureSuccessStatusCode();
        using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        return answer.RootElement.GetProperty(idField).GetString()!;
    }

    /// <summary>Subscribes and returns when the terminal message came; a measurement of calls that failed would mean nothing.</summary>
    public async Task FollowAsync(string kind, string id, CancellationToken cancellationToken)
    {
        if (Stopwatch.GetElapsedTime(lastRead) > MaxUnread) await ConnectAsync(cancellationToken);
        await socket.SendAsync(
            Encoding.UTF8.GetBytes($$"""{"type":"subscribe_{{kind}}","{{kind}}_id":"{{id}}"}"""), WebSocketMessageType.Text, true,
            cancellationToken);
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
                length += part.Count;
            }
            while (!part.EndOfMessage);
            lastRead = Stopwatch.GetTimestamp();
            if (part.MessageType == WebSocketMessageType.Close) throw new InvalidOperationException("The gateway closed the socket.");
            using var message = JsonDocument.Parse(buffer.AsMemory(0, length));
            if (message.RootElement.TryGetProperty($"{kind}_id", out var of) && of.GetString() == id
                && message.RootElement.TryGetProperty("status", out var status)
                && status.GetString() is "completed" or "partial" or "failed" or "cancelled")
            {
                if (status.GetString() == "completed") return;
                throw new InvalidOperationException($"The {kind} ended otherwise than expected: {message.RootElement}");
            }
        }
    }

    /// <summary>Connects anew, so that nothing is followed any more.</summary>
    public Task LeaveAsync(CancellationToken cancellationToken) => ConnectAsync(cancellationToken);

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        socket.Dispose();
        socket = new ClientWebSocket();
        await socket.ConnectAsync(SocketUrl, cancellationToken);
        lastRead = Stopwatch.GetTimestamp();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        socket.Dispose();
        await process.DisposeAsync();
    }
}
