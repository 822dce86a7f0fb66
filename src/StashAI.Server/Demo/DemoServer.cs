using System.Globalization;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using StashAI.Server.Exits;
using StashAI.Server.Hosting;
using StashAI.Server.Processes;

namespace StashAI.Server.Demo;

/// <summary>A real <c>serve</c> as a child process on free ports. It ends with this process, even if that is killed.</summary>
internal sealed partial class DemoServer : IAsyncDisposable
{
    /// <summary>Variables that may be set for another server and must not affect this one.</summary>
    private static readonly string[] ForeignVariables =
    [
        "QUEUE_DB_PATH", "PAYLOADS", "DATABASE_URL", "DATABASE_URL_FILE", "VISAGE_DATABASE", "VISAGE_DATABASE_FILE",
        "DATA_DIR", "MODELS_DIR", "WORKERS", "VISAGE_API_URL", "VISAGE_URL", "LOG_LEVEL",
        "QUEUE_ENABLED", "DIRECT_MODE", "DIRECT_MAX_ITEMS", "API_KEYS", "ALLOW_ANONYMOUS", "ALLOWED_UPSTREAMS", "ALLOWED_FETCH_HOSTS",
        "STRICT_UPSTREAMS", "CORS_ORIGINS", "SECRETS_KEY", "SECRETS_KEY_FILE", "MAX_ITEMS", "MAX_ITEM_BYTES", "MAX_BODY_BYTES",
        "MAX_ENVELOPE_BYTES", "STASH_URL", "STASH_API_KEY", "ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "DOTNET_URLS", "URLS",
    ];

    /// <summary>Longer than the server's own graceful stop (20 s for running calls, 5 s for aborted ones).</summary>
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(30);

    private readonly ChildProcess process;
    private readonly StreamWriter log;
    private readonly Channel<string> lines;
    private readonly TimeProvider time;
    private readonly string logPath;
    private readonly Task closing;

    private DemoServer(ChildProcess process, StreamWriter log, string logPath, Channel<string> lines, TimeProvider time)
    {
        this.process = process;
        this.log = log;
        this.logPath = logPath;
        this.lines = lines;
        this.time = time;
        closing = CloseLinesAsync();
    }

    public Uri Gateway { get; private set; } = null!;

    public Uri Visage { get; private set; } = null!;

    /// <summary>Starts the server and waits until the gateway and its Visage child are ready.</summary>
    /// <param name="program">How to start this program again.</param>
    /// <param name="dataDirectory">A new data folder.</param>
    /// <param name="modelsDirectory">The folder of the face models, which must exist.</param>
    /// <param name="workers">The most concurrent calls.</param>
    /// <param name="logPath">The file for the server's output.</param>
    /// <param name="time">The clock for the time limit.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <exception cref="StartException">The server ended or was not ready in time; the message quotes its last output.</exception>
    public static async Task<DemoServer> StartAsync(
        OwnProgram program,
        string dataDirectory,
        string modelsDirectory,
        int workers,
        string logPath,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            "serve", "--urls", "http://127.0.0.1:0", "--visage-port", "0", "--data", dataDirectory, "--models", modelsDirectory,
            "--workers", workers.ToString(CultureInfo.InvariantCulture), "--log-level", "info", "--exit-with-stdin",
        ];
        var lines = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
        var log = new StreamWriter(logPath, append: false) { AutoFlush = true };
        var synchronised = TextWriter.Synchronized(log);
        ChildProcess process;
        try
        {
            process = ChildProcess.Start(program, arguments, ForeignVariables.ToDictionary(name => name, _ => (string?)null), OnLine, time);
        }
        catch
        {
            await log.DisposeAsync();
            throw;
        }
        var server = new DemoServer(process, log, logPath, lines, time);
        try
        {
            await server.WaitUntilReadyAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        void OnLine(string line)
        {
            synchronised.WriteLine(line);
            lines.Writer.TryWrite(line);
        }
    }

    /// <summary>Runs <paramref name="run"/>, and stops it when the server ends.</summary>
    /// <exception cref="StartException">The server ended, or cannot be reached.</exception>
    public async Task<T> GuardAsync<T>(Func<CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        using var guard = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = run(guard.Token);
        if (await Task.WhenAny(running, process.Exited) != running)
        {
            await guard.CancelAsync();
            await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new StartException($"the server ended with exit code {await process.Exited}; its output is in {logPath}");
        }
        try
        {
            return await running;
        }
        catch (HttpRequestException exception)
        {
            throw new StartException($"the server does not answer: {exception.Message} (its output is in {logPath})", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await process.StopAsync(StopGrace);
        await closing;
        await process.DisposeAsync();
        await log.DisposeAsync();
    }

    private async Task CloseLinesAsync()
    {
        await process.Exited;
        lines.Writer.TryComplete();
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3), time);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var last = "";
        try
        {
            await foreach (var line in lines.Reader.ReadAllAsync(waiting.Token))
            {
                if (VisageChildOutput.ReadyAddress(line) is { } visage)
                {
                    Visage = visage;
                }
                else if (GatewayReady().Match(line) is { Success: true } match)
                {
                    Gateway = new Uri(match.Groups["address"].Value);
                }
                else if (!string.IsNullOrWhiteSpace(line))
                {
                    last = line.Trim();
                }
                if (Gateway is not null && Visage is not null)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StartException($"the server was not ready within three minutes; its last output: {last} (the rest is in {logPath})");
        }
        finally
        {
            // From here on, the server's output goes only to its log.
            lines.Writer.TryComplete();
        }
        throw new StartException($"the server ended during its start; its last output: {last} (the rest is in {logPath})");
    }

    [GeneratedRegex(@"ready at (?<address>http://[^\s/]+)", RegexOptions.CultureInvariant)]
    private static partial Regex GatewayReady();
}
