using System.Diagnostics;
using System.Globalization;
using StashAI.Server.Exits;
using StashAI.Server.Processes;
using StashAI.Visage;

namespace StashAI.Server.Hosting;

/// <summary>
/// Owns the Visage service that <c>serve</c> runs as a child process: starts it, forwards its output to the log category
/// Visage, starts it again when it dies and takes it down with the host. The host never waits for it.
/// </summary>
internal sealed partial class VisageChild : BackgroundService
{
    /// <summary>What the child need not know: it has no business with the queue's database.</summary>
    private static readonly Dictionary<string, string?> Withheld = new() { ["DATABASE_URL"] = null, ["DATABASE_URL_FILE"] = null };

    private const string NoModels = "without models";

    /// <summary>A start takes seconds. One that fetches the models without a way to them can take npm a quarter of an hour to give up.</summary>
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(1);

    private readonly VisageChildOptions options;
    private readonly OwnProgram program;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Lock gate = new();
    private TaskCompletionSource<Uri> ready = NewReady();
    private Uri? address;
    private LogLevel lineLevel = LogLevel.Information;
    private int? processId;
    private string? trouble;
    private string? lastWord;
    private string? lastLine;
    private long? firstStart;

    public VisageChild(VisageChildOptions options, OwnProgram program, TimeProvider time, ILoggerFactory loggers)
    {
        this.options = options;
        this.program = program;
        this.time = time;
        logger = loggers.CreateLogger("Visage");
    }

    /// <summary>Raised with the new address when the child is ready, and with null when it is gone; from any thread.</summary>
    public event Action<Uri?>? AddressChanged;

    /// <summary>Where the child answers now; null while it starts or is down.</summary>
    public Uri? Address => Volatile.Read(ref address);

    public bool IsReady => Address is not null;

    /// <summary>Why it is down: it ended by itself, or its first start takes longer than any should. Null while it works, and in the first minute.</summary>
    public string? Trouble => Volatile.Read(ref trouble) is { } end ? Volatile.Read(ref lastWord) ?? end : Lateness;

    /// <summary>The running child's process id; null between two lives.</summary>
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

    private string? Lateness
    {
        get
        {
            lock (gate)
            {
                if (address is not null || firstStart is not { } start || time.GetElapsedTime(start) < LongestStart) return null;
                return lastLine is null ? "It has been starting for more than a minute." : $"It has been starting for more than a minute. Its last word: {lastLine}";
            }
        }
    }

    /// <summary>Ends with the address as soon as the child is ready, at once if it is.</summary>
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
            firstStart = time.GetTimestamp();
        }
        while (!stoppingToken.IsCancellationRequested)
        {
            var started = time.GetTimestamp();
            var end = await LiveOnceAsync(stoppingToken);
            if (end is null)
            {
                return;
            }
            var lived = time.GetElapsedTime(started);
            var delay = end == NoModels ? VisageChildBackoff.WithoutModels : backoff.After(lived);
            LogEnded(end, lived.TotalSeconds, delay.TotalSeconds);
            Volatile.Write(ref trouble, string.Create(CultureInfo.InvariantCulture, $"It ended {end}; it starts again in {delay.TotalSeconds:0} s."));
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
    private async Task<string?> LiveOnceAsync(CancellationToken stoppingToken)
    {
        if (Volatile.Read(ref lastWord) is { } former) Volatile.Write(ref trouble, former);
        Volatile.Write(ref lastWord, null);
        try
        {
            await using var child = ChildProcess.Start(
                program, Arguments(), Withheld, OnLine, TimeProvider.System, id => SetProcess(id));
            try
            {
                var code = await child.Exited.WaitAsync(stoppingToken);
                return code == VisageApp.ModelsMissingExitCode ? NoModels : string.Create(CultureInfo.InvariantCulture, $"with exit code {code}");
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
            Volatile.Write(ref trouble, null);
            SetAddress(found);
        }
        var failure = VisageChildOutput.Failure(line);
        if (failure is not null)
        {
            Volatile.Write(ref lastWord, failure);
        }
        LogLevel level;
        lock (gate)
        {
            lastLine = line.Trim();
            level = lineLevel = failure is not null ? LogLevel.Error : VisageChildOutput.Level(line) ?? (line.StartsWith(' ') ? lineLevel : LogLevel.Information);
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
