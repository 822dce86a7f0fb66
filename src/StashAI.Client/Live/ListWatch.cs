using System.Runtime.CompilerServices;
using StashAI.Client.Errors;
using StashAI.Client.Http;
using StashAI.Client.Models;

namespace StashAI.Client.Live;

/// <summary>
/// Follows lists without an end: by WebSocket, else by server-sent events, else by polling, which is also the way with older servers. A
/// broken connection is made again, and then the list begins anew.
/// </summary>
internal sealed class ListWatch(ApiSender api, TimeSpan pollInterval, TimeSpan patience)
{
    private const string PageSize = "100";

    /// <summary>Follows the jobs of a filter.</summary>
    public async IAsyncEnumerable<JobListUpdate> JobsAsync(JobFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Says at once when the server is not there, wants another key, or refuses the filter.
        await ReadPageAsync(filter, cancellationToken).ConfigureAwait(false);
        var updates = RunAsync(
            [
                stop => SocketSource.ReadAsync(api, [ListMessages.Subscription(filter)], ListMessages.ReadJobs, stop),
                stop => EventSource.ReadAsync(api, ("jobs", ListMessages.Query(filter)), ListMessages.ReadJobs, stop),
                stop => PollAsync(
                    async () => await ReadPageAsync(filter, stop).ConfigureAwait(false),
                    (before, now) => before.Total == now.Total
                        && before.Jobs.Select(job => (job.Id, job.Version)).SequenceEqual(now.Jobs.Select(job => (job.Id, job.Version))),
                    stop),
            ],
            cancellationToken);
        await foreach (var update in updates.ConfigureAwait(false)) yield return update;
    }

    /// <summary>Follows the services.</summary>
    public async IAsyncEnumerable<ServiceListUpdate> ServicesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ReadServicesAsync(cancellationToken).ConfigureAwait(false);
        var updates = RunAsync(
            [
                stop => SocketSource.ReadAsync(api, [ListMessages.ServicesSubscription()], ListMessages.ReadServices, stop),
                stop => EventSource.ReadAsync(api, ("services", "1"), ListMessages.ReadServices, stop),
                stop => PollAsync(async () => await ReadServicesAsync(stop).ConfigureAwait(false), (_, _) => false, stop),
            ],
            cancellationToken);
        await foreach (var update in updates.ConfigureAwait(false)) yield return update;
    }

    private async IAsyncEnumerable<T> RunAsync<T>(
        IReadOnlyList<Func<CancellationToken, IAsyncEnumerable<T>>> sources, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (source, failures, lastNews) = (0, 0, api.Clock.GetTimestamp());
        while (true)
        {
            Exception? fault = null;
            var isHeard = false;
            var messages = sources[source](cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using (messages.ConfigureAwait(false))
            {
                while (true)
                {
                    try
                    {
                        if (!await messages.MoveNextAsync().ConfigureAwait(false)) break;
                    }
                    catch (Exception exception) when (JobWatch.IsBreak(exception))
                    {
                        fault = exception;
                        break;
                    }

                    isHeard = true;
                    yield return messages.Current;
                    lastNews = api.Clock.GetTimestamp();
                }
            }

            // A list may be silent for long, so a break after news is the first sign of trouble.
            if (isHeard) lastNews = api.Clock.GetTimestamp();
            if (fault is LiveUnsupportedException && source < sources.Count - 1)
            {
                source++;
                continue;
            }

            if (api.Clock.GetElapsedTime(lastNews) > patience)
            {
                throw new StashUnreachableException(
                    $"Nothing was heard of the list for {patience.TotalSeconds:0} s: {fault?.Message}", fault);
            }

            failures = isHeard ? 0 : failures + 1;
            await Task.Delay(ApiSender.DelayOf(failures), api.Clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private async IAsyncEnumerable<T> PollAsync<T>(
        Func<Task<T>> read, Func<T, T, bool> areSame, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        T? before = null;
        while (true)
        {
            var now = await read().ConfigureAwait(false);
            if (before is null || !areSame(before, now)) yield return now;
            before = now;
            await Task.Delay(pollInterval, api.Clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<JobListUpdate> ReadPageAsync(JobFilter filter, CancellationToken cancellationToken)
    {
        var path = Routes.Jobs.Fill([], [.. filter.Parameters(), ("limit", PageSize)]);
        var page = await api.ReadAsync(Routes.Jobs, path, StashJsonContext.Default.WirePageJob, cancellationToken).ConfigureAwait(false);
        return new JobListUpdate { IsPage = true, Jobs = page.Data, Total = page.Total };
    }

    private async Task<ServiceListUpdate> ReadServicesAsync(CancellationToken cancellationToken)
    {
        var update = await api.ReadAsync(
            Routes.Services, Routes.Services.Fill([]), StashJsonContext.Default.ServiceListUpdate, cancellationToken).ConfigureAwait(false);
        return update with { IsComplete = true };
    }
}
