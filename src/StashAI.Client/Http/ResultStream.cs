using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using StashAI.Client.Errors;
using StashAI.Client.Models;

namespace StashAI.Client.Http;

/// <summary>
/// Reads the results of a job as a stream. A stream that breaks, or is silent for long, is opened again at the first item that is missing.
/// </summary>
internal static class ResultStream
{
    private const int MaxBreaks = 5;

    /// <summary>A followed stream is silent while a task runs; after so long it is opened again, in case the connection is dead.</summary>
    private static readonly TimeSpan MaxSilence = TimeSpan.FromMinutes(2);

    /// <param name="api">The server.</param>
    /// <param name="job">The job.</param>
    /// <param name="query">Which results.</param>
    /// <param name="patience">How long a followed stream may be without any answer of the server.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    public static async IAsyncEnumerable<TaskResult> ReadAsync(
        ApiSender api, Guid job, ResultQuery query, TimeSpan patience, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isUnordered = query.AsFinished;
        var next = query.From;
        // Those behind the first missing one that have come already.
        var seen = isUnordered ? new HashSet<int>() : null;
        var canSkip = true;
        var (breaks, lastAnswer) = (0, api.Clock.GetTimestamp());
        while (true)
        {
            Exception? fault = null;
            HttpResponseMessage? response = null;
            try
            {
                var path = PathOf(job, query, isUnordered, canSkip ? next : 0);
                response = await api.OpenAsync(Routes.Results, path, "application/x-ndjson", cancellationToken).ConfigureAwait(false);
            }
            catch (StashInvalidRequestException exception) when (canSkip && exception.Errors.Any(error => error.Field == "from"))
            {
                canSkip = false; // An older server sends everything again.
                continue;
            }
            catch (StashException exception)
                when (query.Follow && exception is StashUnreachableException or StashUnavailableException && breaks > 0
                    && api.Clock.GetElapsedTime(lastAnswer) < patience)
            {
                fault = exception; // The server starts again.
            }

            using (response)
            {
                if (response is not null)
                {
                    lastAnswer = api.Clock.GetTimestamp();
                    var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
                    var stream = query.Follow ? new IdleStream(body, MaxSilence, api.Clock) : body;
                    var lines = JsonSerializer
                        .DeserializeAsyncEnumerable(stream, StashJsonContext.Default.TaskResult, topLevelValues: true, cancellationToken)
                        .GetAsyncEnumerator(cancellationToken);
                    await using (lines.ConfigureAwait(false))
                    {
                        while (true)
                        {
                            try
                            {
                                if (!await lines.MoveNextAsync().ConfigureAwait(false)) break;
                            }
                            catch (Exception exception) when (exception is IOException or HttpRequestException)
                            {
                                fault = exception;
                                break;
                            }

                            lastAnswer = api.Clock.GetTimestamp();
                            var result = lines.Current!;
                            if (result.Index < next || seen?.Add(result.Index) == false) continue;
                            if (seen is null) next = result.Index + 1;
                            while (seen?.Remove(next) == true) next++;
                            breaks = 0;
                            yield return result;
                        }
                    }
                }
            }

            // A server that stops ends its streams before the job is over.
            if (fault is null && (!query.Follow || await IsOverAsync(api, job, cancellationToken).ConfigureAwait(false))) yield break;
            breaks++;
            if (!query.Follow && breaks > MaxBreaks)
            {
                throw new StashUnreachableException(
                    $"The results of job {job} broke off at item {next}: {fault?.Message}", fault);
            }

            await Task.Delay(ApiSender.DelayOf(breaks), api.Clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private static string PathOf(Guid job, ResultQuery query, bool isUnordered, int from) => Routes.Results.Fill(
        [job.ToString()], ("format", "ndjson"), ("state", string.Join(',', query.States.Select(WordConverter<TaskState>.WordOf))),
        ("order", isUnordered ? "finished" : null), ("follow", query.Follow ? "true" : null),
        ("from", from > 0 ? from.ToString(CultureInfo.InvariantCulture) : null));

    private static async Task<bool> IsOverAsync(ApiSender api, Guid job, CancellationToken cancellationToken)
    {
        try
        {
            return (await JobReading.ReadAsync(api, job, cancellationToken).ConfigureAwait(false)).IsOver;
        }
        catch (StashException exception) when (exception is StashUnreachableException or StashUnavailableException)
        {
            return false;
        }
    }
}
