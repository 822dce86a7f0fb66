using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using StashAI.Client.Errors;
using StashAI.Client.Http;
using StashAI.Client.Models;

namespace StashAI.Client;

public sealed partial class StashClient
{
    /// <summary>
    /// Judges the results of an ended job of photos again, against today's gallery of people. No model is called. The server works on it;
    /// follow it with <see cref="WatchRematchAsync"/>.
    /// </summary>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="threshold">Replaces the thresholds of the job and its items, 0 to 1; null keeps them.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such job.</exception>
    /// <exception cref="StashConflictException">The job has not ended, or no faces of it are stored.</exception>
    public Task<Rematch> RematchAsync(Guid jobId, double? threshold = null, CancellationToken cancellationToken = default)
    {
        var body = new JsonObject();
        if (threshold is { } least) body["threshold"] = least;
        return SendAsync(
            Routes.StartRematch, [jobId.ToString()], body, StashJsonContext.Default.JsonObject, StashJsonContext.Default.Rematch,
            cancellationToken);
    }

    /// <summary>Reads the last rematch of a job; one with the state <see cref="RematchState.None"/> if it was never judged again.</summary>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such job.</exception>
    public Task<Rematch> LastRematchAsync(Guid jobId, CancellationToken cancellationToken = default) =>
        api.ReadAsync(
            Routes.Rematch, Routes.Rematch.Fill([jobId.ToString()]), StashJsonContext.Default.Rematch, cancellationToken);

    /// <summary>Follows the last rematch of a job: its state now, and again at every poll until it has ended.</summary>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="cancellationToken">Ends the watch; the rematch goes on.</param>
    /// <exception cref="StashNotFoundException">There is no such job.</exception>
    public async IAsyncEnumerable<Rematch> WatchRematchAsync(
        Guid jobId, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var rematch = await LastRematchAsync(jobId, cancellationToken).ConfigureAwait(false);
            yield return rematch;
            if (rematch.IsOver) yield break;
            await Task.Delay(BulkPollInterval, api.Clock, cancellationToken).ConfigureAwait(false);
        }
    }
}
