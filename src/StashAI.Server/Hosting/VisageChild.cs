using System.Diagnostics;
using System.Globalization;
using StashAI.Server.Exits;
using StashAI.Server.Options;
using StashAI.Server.Processes;
using StashAI.Visage;

namespace StashAI.Server.Hosting;

/// <summary>
/// Owns the Visage service that <c>serve</c> runs as a child process: starts it, forwards its output to the log category Visage, restarts
/// it when it ends, and stops it with the host. The host never waits for it.
/// </summary>
internal sealed partial class VisageChild : BackgroundService
{
    private const string NoModels = "without models";

    /// <summary>
    /// The longest normal start. A start takes seconds, but npm may try for a quarter of an hour to fetch models that it cannot reach.
    /// </summary>
    private static readonly TimeSpan MaxStartTime = TimeSpan.FromMinutes(1);

    private readonly VisageChildOptions options;
    private readonly OwnProgram program;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Lock gate = new();
    private TaskCompletionSource<Uri> ready = NewReady();
    private Uri? address;
    private LogLevel lineLevel = LogLevel.Information;
    private int? processId;
    private string? endReason;
    private string? startFailure;
    private string? lastLine;
    private long? firstStartedAt;

    public VisageChild(VisageChildOptions options, OwnProgram program, TimeProvider time, ILoggerFactory loggers)
    {
        this.options = options;
        this.program = program;
        this.time = time;
        logger = loggers.CreateLogger("Visage");
    }

    /// <summary>Raised with the new address when the child is ready, and with null when it has ended; on any thread.</summary>
    public event Action<Uri?>? AddressChanged;

    /// <summary>The child's current address; null while it starts or is down.</summary>
    public Uri? Address => Volatile.Read(ref address);

    public bool IsReady => Address is not null;

    /// <summary>
    /// Why the child is down: it ended by itself, or its first start takes too long. Null while it works, and in the first minute.
    /// </summary>
    public string? Failure => Volatile.Read(ref endReason) is { } end ? Volatile.Read(ref startFailure) ?? end : SlowStart;

    /// <summary>The process id of the running child; null between two runs.</summary>
    public int? ProcessId
    {
        get
        {
            lock (gate)
            {
                return processId;
            }
        }
    }

    private string? SlowStart
    {
        get
        {
            lock (gate)
            {
                if (address is not null || firstStartedAt is not { } start || time.GetElapsedTime(start) < MaxStartTime) return null;
                return lastLine is null
                    ? "It has been starting for more than a minute."
                    : $"It has been starting for more than a minute. Its last output: {lastLine}";
            }
        }
    }

    /// <summary>Waits until the child is ready; returns its address.</summary>
    public Task<Uri> WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return ready.Task.WaitAsync(cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var backoff = new VisageChildBackoff();
        lock (gate)
        {
            firstStartedAt = time.GetTimestamp();
        }
        while (!stoppingToken.IsCancellationRequested)
        {
            var started = time.GetTimestamp();
            var end = await RunOnceAsync(stoppingToken);
            if (end is null)
            {
                return;
            }
            var lived = time.GetElapsedTime(started);
            var delay = end == NoModels ? VisageChildBackoff.WithoutModels : backoff.After(lived);
            LogEnded(end, lived.TotalSeconds, delay.TotalSeconds);
            Volatile.Write(
                ref endReason,
                string.Create(CultureInfo.InvariantCulture, $"It ended {end}; it starts again in {delay.TotalSeconds:0} s."));
            try
            {
                await Task.Delay(delay, time, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <returns>Why the child ended by itself; null when it was stopped.</returns>
    private async Task<string?> RunOnceAsync(CancellationToken stoppingToken)
    {
        if (Volatile.Read(ref startFailure) is { } former) Volatile.Write(ref endReason, former);
        Volatile.Write(ref startFailure, null);
        try
        {
            await using var child = ChildProcess.Start(
                program, Arguments(), Variables(), OnLine, TimeProvider.System, id => SetProcess(id));
            try
            {
                var code = await child.Exited.WaitAsync(stoppingToken);
                return code == VisageApp.ModelsMissingExitCode
                    ? NoModels
                    : string.Create(CultureInfo.InvariantCulture, $"with exit code {code}");
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                await child.StopAsync(options.StopGrace);
                return null;
            }
            finally
            {
                SetProcess(null);
                SetAddress(null);
            }
        }
        catch (Exception exception) when (exception is StartException or InvalidOperationException)
        {
            return $"at its start ({exception.Message})";
        }
    }

    /// <summary>
    /// The child needs the gallery's database and not the queue's. Other users of the machine see arguments, but not these.
    /// </summary>
    private Dictionary<string, string?> Variables() => new()
    {
        [ServerSettings.DatabaseUrl.Name] = null,
        [ServerSettings.DatabaseUrlFile.Name] = null,
        [ServerSettings.VisageDatabase.Name] = GalleryServer.TextOf(options.Database),
        [ServerSettings.VisageDatabaseFile.Name] = null,
    };

    private IEnumerable<string> Arguments()
    {
        var port = VisageChildPort.Choose(options.PreferredPort);
        return
        [
            "visage",
            "--urls", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
            "--data", options.DataDirectory,
            "--models", options.ModelsDirectory,
            "--log-level", options.LogLevel switch
            {
                <= LogLevel.Debug => "debug",
                LogLevel.Information => "info",
                LogLevel.Warning => "warning",
                _ => "error",
            },
            "--exit-with-stdin",
        ];
    }

    private void OnLine(string line)
    {
        if (VisageChildOutput.ReadyAddress(line) is { } found)
        {
            Volatile.Write(ref endReason, null);
            SetAddress(found);
        }
        var failure = VisageChildOutput.Failure(line);
        if (failure is not null)
        {
            Volatile.Write(ref startFailure, failure);
        }
        LogLevel level;
        lock (gate)
        {
            lastLine = line.Trim();
            level = lineLevel = failure is not null ? LogLevel.Error : VisageChildOutput.Level(line)
                ?? (line.StartsWith(' ') ? lineLevel : LogLevel.Information);
        }
        LogLine(logger, level, line);
    }

    private void SetProcess(int? id)
    {
        lock (gate)
        {
            processId = id;
        }
    }

    private void SetAddress(Uri? value)
    {
        lock (gate)
        {
            if (address == value)
            {
                return;
            }
            Volatile.Write(ref address, value);
            if (value is null)
            {
                ready = NewReady();
            }
            else
            {
                ready.TrySetResult(value);
            }
        }
        AddressChanged?.Invoke(value);
    }

    private static TaskCompletionSource<Uri> NewReady() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(Message = "{Line}")]
    private static partial void LogLine(ILogger logger, LogLevel level, string line);

    [LoggerMessage(LogLevel.Warning, "The Visage service ended {Reason} after {Seconds:0.0} s; it starts again in {Delay:0} s.")]
    private partial void LogEnded(string reason, double seconds, double delay);
}
