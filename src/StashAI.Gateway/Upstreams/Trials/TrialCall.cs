using System.Text.Json;
using StashAI.Adapters.Http;
using StashAI.Adapters.Http.Declarations;
using StashAI.Adapters.Http.Secrets;
using StashAI.Sdk;

namespace StashAI.Gateway.Upstreams.Trials;

/// <summary>Makes one call to a service as a task would, without the queue, and reports everything of it without secrets.</summary>
internal sealed class TrialCall(TimeProvider clock)
{
    /// <summary>The most bytes of a body that are shown by default.</summary>
    public const int DefaultShown = 2000;

    /// <summary>The headers of outgoing calls that every request has.</summary>
    public bool HasDefaults { get; init; } = true;

    /// <summary>The most bytes of a body that are shown.</summary>
    public int MaxShown { get; init; } = DefaultShown;

    /// <summary>Values to hide besides those of the service.</summary>
    public IReadOnlyCollection<string> Hidden { get; init; } = [];

    /// <summary>Fetches what an item refers to; null for the handler of the call.</summary>
    public HttpClient? Fetch { get; init; }

    /// <param name="adapter">The service.</param>
    /// <param name="taskType">The operation's task type.</param>
    /// <param name="upstream">The address to call.</param>
    /// <param name="isConfigured">True when the operator configured this address.</param>
    /// <param name="config">The job's configuration, decrypted.</param>
    /// <param name="item">The item.</param>
    /// <param name="handler">Makes the calls.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<TrialReport> RunAsync(
        IServiceAdapter adapter, string taskType, Uri upstream, bool isConfigured, ReadOnlyMemory<byte> config, TrialItem item,
        HttpMessageHandler handler, CancellationToken cancellationToken)
    {
        var mask = MaskOf(adapter).With(Hidden).With(SecretsIn(adapter, config));
        using var recorder = new CallRecorder(handler, SecretHeadersOf(adapter), mask, MaxShown);
        using var http = new HttpClient(recorder) { Timeout = Timeout.InfiniteTimeSpan };
        if (HasDefaults) http.WithDefaults();
        var timeout = adapter.Manifest.AttemptTimeoutOf(taskType);
        using var late = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        var started = clock.GetTimestamp();
        var context = new TaskContext
        {
            TaskId = Guid.CreateVersion7(clock.GetUtcNow()),
            JobId = Guid.CreateVersion7(clock.GetUtcNow()),
            Ordinal = 0,
            Attempt = 1,
            TaskType = taskType,
            Upstream = upstream,
            Input = item.Input,
            Config = config,
            IsConfigured = isConfigured,
            Payloads = item.Payloads,
            Http = http,
            Fetch = Fetch ?? http,
        };
        TaskOutcome? outcome = null;
        try
        {
            outcome = await adapter.ExecuteAsync(context, either.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            // The report says that there was no answer in time.
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            outcome = new TaskOutcome.Retry(
                ErrorKind.AdapterFault, $"{exception.GetType().Name}: {exception.Message}", CallReport.None);
        }

        return new TrialReport(recorder.Exchanges, outcome, clock.GetElapsedTime(started), timeout, recorder.Answer, mask);
    }

    private static SecretMask MaskOf(IServiceAdapter adapter) => adapter is DeclaredAdapter declared ? declared.Mask : SecretMask.None;

    /// <summary>The headers that hold secrets: those with references, and those whose names say so.</summary>
    private static HashSet<string> SecretHeadersOf(IServiceAdapter adapter) => adapter is DeclaredAdapter declared
        ? declared.Declaration.Headers.Where(header => header.Value.HasReferences || SecretNames.IsHeader(header.Key))
            .Select(header => header.Key).ToHashSet(StringComparer.OrdinalIgnoreCase)
        : ["Authorization", "Cookie", "X-Api-Key"];

    /// <summary>The values of the secret settings of a configuration.</summary>
    private static List<string> SecretsIn(IServiceAdapter adapter, ReadOnlyMemory<byte> config)
    {
        if (config.IsEmpty || adapter.Manifest.SecretConfig.Count == 0) return [];
        using var document = JsonDocument.Parse(config);
        return
        [
            .. adapter.Manifest.SecretConfig.Select(key => document.RootElement.TryGetProperty(key, out var value) ? value : default)
                .Where(value => value.ValueKind == JsonValueKind.String).Select(value => value.GetString()!),
        ];
    }
}
