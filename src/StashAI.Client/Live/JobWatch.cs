using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using StashAI.Client.Errors;
using StashAI.Client.Http;
using StashAI.Client.Models;

namespace StashAI.Client.Live;

/// <summary>
/// Follows jobs to their ends: by WebSocket, else by server-sent events, else by polling. A broken connection is made again; the server
/// then sends the current state, so nothing is lost.
/// </summary>
internal sealed class JobWatch(ApiSender api, TimeSpan pollInterval, TimeSpan patience)
{
    private static readonly Source[] Sources =
    [
        (watch, jobs, stop) => SocketSource.ReadAsync(watch.Api, jobs, stop),
        (watch, jobs, stop) => EventSource.ReadAsync(watch.Api, jobs, stop),
        (watch, jobs, stop) => PollSource.ReadAsync(watch.Api, jobs, watch.PollInterval, stop),
    ];

    private delegate IAsyncEnumerable<JobProgress> Source(
        JobWatch watch, IReadOnlyCollection<Guid> jobs, CancellationToken cancellationToken);

    private ApiSender Api => api;

    private TimeSpan PollInterval => pollInterval;

    public async IAsyncEnumerable<JobProgress> RunAsync(
        IReadOnlyCollection<Guid> jobs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var open = jobs.Distinct().ToDictionary(id => id, _ => -1L);
        if (open.Count == 0) yield break;
        // Says at once when the server is not there, wants another key, or does not know the job.
        var first = (await JobReading.ReadAsync(api, open.Keys.First(), cancellationToken).ConfigureAwait(false)).Progress;
        if (Take(open, first)) yield return first;
        var (source, failures, lastNews) = (0, 0, api.Clock.GetTimestamp());
        while (open.Count > 0)
        {
            Exception? fault = null;
            var isHeard = false;
            var messages = Sources[source](this, [.. open.Keys], cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using (messages.ConfigureAwait(false))
            {
                while (open.Count > 0)
                {
                    try
                    {
                        if (!await messages.MoveNextAsync().ConfigureAwait(false)) break;
                    }
                    catch (Exception exception) when (IsBreak(exception))
                    {
                        fault = exception;
                        break;
                    }

                    isHeard = true;
                    lastNews = api.Clock.GetTimestamp();
                    if (Take(open, messages.Current)) yield return messages.Current;
                }
            }

            if (open.Count == 0) yield break;
            if (fault is LiveUnsupportedException && source < Sources.Length - 1)
            {
                source++;
                continue;
            }

            if (api.Clock.GetElapsedTime(lastNews) > patience)
            {
                throw new StashUnreachableException(
                    $"Nothing was heard of the jobs for {patience.TotalSeconds:0} s: {fault?.Message}", fault);
            }

            failures = isHeard ? 0 : failures + 1;
            await Task.Delay(ApiSender.DelayOf(failures), api.Clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Keeps what is newer than what was known; true when the caller should see it.</summary>
    private static bool Take(Dictionary<Guid, long> open, JobProgress progress)
    {
        if (!open.TryGetValue(progress.JobId, out var known) || progress.Version <= known) return false;
        open[progress.JobId] = progress.Version;
        if (progress.IsOver) open.Remove(progress.JobId);
        return true;
    }

    /// <summary>True for a broken connection, or a way that does not work here; false for what the caller must know.</summary>
    public static bool IsBreak(Exception exception) =>
        exception is LiveUnsupportedException or StashUnreachableException or StashUnavailableException or WebSocketException
            or IOException or HttpRequestException;
}
