using System.Collections.Concurrent;
using StashAI.Queue.Model.Webhooks;
using StashAI.Queue.Policies;
using StashAI.Queue.Signals;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Webhooks;

/// <summary>
/// Makes deliveries of what has ended, and sends them, a few at once and fewer to the same receiver. Each is taken with a lease that is
/// longer than a call, so another process goes on with those of one that died.
/// </summary>
internal sealed partial class WebhookLoop(
    IWebhooks webhooks, IDeliveries deliveries, WebhookCall call, TimeProvider clock, ILogger<WebhookLoop> logger)
    : BackgroundService
{
    /// <summary>A process that has not ended a call by then is taken for dead.</summary>
    public static readonly TimeSpan Lease = WebhookCall.Timeout * 3;

    /// <summary>The most calls at once, of this process.</summary>
    public const int MaxCalls = 16;

    /// <summary>
    /// The most calls at once to one webhook, or one host that jobs name; one while its last call failed, so that receivers that hang do
    /// not have all calls.
    /// </summary>
    public const int MaxLaneCalls = 4;

    /// <summary>
    /// The most calls at once to addresses that jobs name: whoever may submit can name any number of hosts, and webhooks that an admin made
    /// must not wait for them.
    /// </summary>
    public const int MaxAddressCalls = MaxCalls / 2;

    /// <summary>The most webhooks, which are all read for each end.</summary>
    public const int MaxWebhooks = 100;

    private const int EndedAtOnce = 100;
    private const int FannedAtOnce = 8;

    /// <summary>The most receivers that are known to fail: jobs may name any number of hosts.</summary>
    private const int MaxFailing = 1000;

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly Guid worker = Guid.NewGuid();
    private readonly Wakeup wakeup = new(clock);
    private readonly ConcurrentDictionary<long, RunningCall> calls = [];
    private readonly ConcurrentDictionary<string, bool> failing = [];

    /// <summary>Looks for work now.</summary>
    public void Wake() => wakeup.Set();

    /// <summary>Makes the deliveries of what has ended, and begins to send what is due.</summary>
    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await FanOutAsync(cancellationToken);
        while (calls.Count < MaxCalls)
        {
            var busy = calls.Values.GroupBy(one => one.Lane)
                .Where(lane => lane.Count() >= (failing.ContainsKey(lane.Key) ? 1 : MaxLaneCalls)).Select(lane => lane.Key).ToList();
            var withAddresses = calls.Values.Count(one => one.IsAddress) < MaxAddressCalls;
            if (await deliveries.TakeDeliveriesAsync(worker, Lease, 1, busy, withAddresses, cancellationToken) is not [var claimed]) break;
            var key = claimed.Delivery.Key;
            var running = new RunningCall(claimed.Delivery.Content.Lane, claimed.Delivery.Content.Url is not null, Task.CompletedTask);
            // Its lease was over before its call was, and it is sent again in the next round.
            if (!calls.TryAdd(key, running)) break;
            calls.TryUpdate(key, running with { Call = RunAsync(claimed, cancellationToken) }, running);
        }
    }

    /// <summary>Waits for the calls that this process makes.</summary>
    public Task WhenIdleAsync() => Task.WhenAll(calls.Values.Select(one => one.Call));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                wakeup.Reset();
                try
                {
                    await RunOnceAsync(stoppingToken);
                }
                catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
                {
                    LogFailed(exception.Message);
                }

                await wakeup.WaitAsync(PollInterval, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await WhenIdleAsync();
        }
    }

    /// <summary>Makes the deliveries of some ends; those of many take turns with what is due.</summary>
    private async Task FanOutAsync(CancellationToken cancellationToken)
    {
        if (await deliveries.ListEndedAsync(EndedAtOnce, cancellationToken) is not { Count: > 0 } ended) return;
        var all = await webhooks.ListWebhooksAsync(long.MaxValue, MaxWebhooks, cancellationToken);
        // The databases commit those that come at once together.
        await Parallel.ForEachAsync(
            ended, new ParallelOptions { MaxDegreeOfParallelism = FannedAtOnce, CancellationToken = cancellationToken },
            async (one, token) => await deliveries.FanOutAsync(one.Key, WebhookFanOut.Of(one, all), WebhookRetry.Period, token));
        if (ended.Count == EndedAtOnce) wakeup.Set();
    }

    private async Task RunAsync(ClaimedDelivery claimed, CancellationToken cancellationToken)
    {
        await Task.Yield();
        var (delivery, webhook) = claimed;
        var name = webhook?.Name ?? delivery.Content.Lane;
        try
        {
            var (outcome, isGone) = await call.SendAsync(claimed, cancellationToken);
            Note(delivery.Content.Lane, outcome.State == DeliveryState.Delivered);
            // First: the log says that it was delivered only when nothing is left to do.
            if (isGone && webhook is not null)
            {
                if (await webhooks.DisableWebhookAsync(webhook, WebhookCall.GoneMessage, CancellationToken.None)) LogGone(name);
                else outcome = await AfterChangeAsync(webhook, outcome);
            }

            if (await deliveries.SettleDeliveryAsync(delivery.Key, worker, outcome, CancellationToken.None))
                LogSettled(name, delivery.Content.Type, delivery.Attempts, outcome.State, outcome.Error);
        }
        catch (Exception exception)
        {
            // When its lease is over, it is sent again; what a stopping process leaves, another sends at once.
            if (!cancellationToken.IsCancellationRequested) LogFailed(exception.Message);
            await TryReleaseAsync(delivery.Key, cancellationToken.IsCancellationRequested ? TimeSpan.Zero : WebhookRetry.FirstDelay);
        }
        finally
        {
            calls.TryRemove(delivery.Key, out _);
            wakeup.Set();
        }
    }

    /// <summary>
    /// What a 410 means for an event whose webhook was changed during the call: it goes to the webhook as it is now, which the receiver of
    /// then does not speak for.
    /// </summary>
    private async Task<DeliveryOutcome> AfterChangeAsync(Webhook called, DeliveryOutcome outcome) =>
        await webhooks.FindWebhookAsync(called.Id, CancellationToken.None) is { IsEnabled: true }
            ? outcome with { State = DeliveryState.Waiting, Delay = TimeSpan.Zero }
            : outcome;

    private void Note(string lane, bool isWell)
    {
        if (isWell) failing.TryRemove(lane, out _);
        else if (failing.Count < MaxFailing) failing[lane] = true;
    }

    private async Task TryReleaseAsync(long key, TimeSpan delay)
    {
        try
        {
            await deliveries.SettleDeliveryAsync(
                key, worker,
                new DeliveryOutcome { State = DeliveryState.Waiting, Delay = delay, Error = "The server ended the call." },
                CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogFailed(exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhooks could not be read, written or called; trying again: {Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The webhook {Name} is disabled: its receiver answered 410")]
    private partial void LogGone(string name);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Webhook {Name}: {Type}, attempt {Attempt}, is {State}: {Error}")]
    private partial void LogSettled(string name, string type, int attempt, DeliveryState state, string? error);

    /// <param name="Lane">What shares a limit of calls.</param>
    /// <param name="IsAddress">True for an address that a job names.</param>
    /// <param name="Call">The call.</param>
    private sealed record RunningCall(string Lane, bool IsAddress, Task Call);
}
