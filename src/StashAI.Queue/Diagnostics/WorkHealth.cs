using Microsoft.Extensions.Logging;
using StashAI.Queue.Store;

namespace StashAI.Queue.Diagnostics;

/// <summary>
/// The health of the parts of this process, taken from how their real work ended. A single failure is not reported, because databases have
/// short hiccups; two in a row are.
/// </summary>
public sealed class WorkHealth
{
    /// <summary>The periodic probe of the database.</summary>
    public const string Database = "database";

    public const string Claims = "claims";

    /// <summary>Recording the outcomes of calls.</summary>
    public const string Outcomes = "outcomes";

    /// <summary>Answering clients' requests.</summary>
    public const string Requests = "requests";

    private const int FailuresToReport = 2;

    /// <summary>How long a failed request counts: there may be no later request that shows whether the fault has passed.</summary>
    private static readonly TimeSpan RequestFailureLifetime = TimeSpan.FromSeconds(30);

    private readonly IStoreProbe? store;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, State> parts = new(StringComparer.Ordinal);

    internal WorkHealth(IStoreProbe? store, TimeProvider clock, ILogger logger)
    {
        (this.store, this.clock, this.logger) = (store, clock, logger);
        foreach (var part in (string[])[Database, Claims, Outcomes, Requests]) parts[part] = new State();
    }

    /// <summary>All parts, sorted by name.</summary>
    public IReadOnlyList<PartHealth> List()
    {
        var warning = store?.Warning;
        lock (gate)
        {
            return [.. parts.Select(part => Read(part.Key, part.Value, warning))];
        }
    }

    public void Succeeded(string part)
    {
        lock (gate)
        {
            if (!parts.TryGetValue(part, out var state) || state.Failures == 0) return;
            if (state.IsReported) Log.PartRecovered(logger, part, clock.GetElapsedTime(state.FirstFailureAt).TotalSeconds);
            parts[part] = new State();
        }
    }

    /// <param name="isVital">False for upkeep: tasks continue to run without it.</param>
    public void Failed(string part, Exception error, bool isVital = true)
    {
        var explained = store?.Explain(error);
        lock (gate)
        {
            if (!parts.TryGetValue(part, out var state) || state.Failures == 0)
                parts[part] = state = new State { Since = clock.GetUtcNow(), FirstFailureAt = clock.GetTimestamp() };
            state.Failures++;
            state.LastFailureAt = clock.GetTimestamp();
            state.Status = isVital ? HealthStatus.Unhealthy : HealthStatus.Degraded;
            // /health shows only explained database errors; other messages may hold private data and are only logged.
            state.Detail = explained ?? $"{error.GetType().Name}: the log of this process has the cause.";
            if (state.IsReported || state.Failures < FailuresToReport) return;
            state.IsReported = true;
            Log.PartFailed(logger, part, explained ?? error.Message);
        }
    }

    private PartHealth Read(string name, State state, string? warning)
    {
        if (name == Requests && state.Failures > 0 && clock.GetElapsedTime(state.LastFailureAt) > RequestFailureLifetime)
        {
            return new PartHealth(name, HealthStatus.Healthy);
        }

        var isFailing = state.Failures >= FailuresToReport || (name == Requests && state.Failures > 0);
        if (isFailing) return new PartHealth(name, state.Status, state.Detail, state.Since);
        return name == Database && warning is not null
            ? new PartHealth(name, HealthStatus.Degraded, warning)
            : new PartHealth(name, HealthStatus.Healthy);
    }

    private sealed class State
    {
        public int Failures { get; set; }

        public bool IsReported { get; set; }

        public HealthStatus Status { get; set; }

        public string? Detail { get; set; }

        public DateTimeOffset? Since { get; init; }

        public long FirstFailureAt { get; init; }

        public long LastFailureAt { get; set; }
    }
}
