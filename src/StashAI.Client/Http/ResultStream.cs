using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using StashAI.Client.Errors;
using StashAI.Client.Models;

namespace StashAI.Client.Http;

/// <summary>Reads the results of a job as a stream. A stream that breaks goes on where it broke.</summary>
internal static class ResultStream
{
    private const int MaxBreaks = 5;

    /// <param name="api">The server.</param>
    /// <param name="job">The job.</param>
    /// <param name="from">The first item.</param>
    /// <param name="isInOrder">True ends the stream before the first item that has not ended.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    public static async IAsyncEnumerable<TaskResult> ReadAsync(
        ApiSender api, Guid job, int from, bool isInOrder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var breaks = 0; ;)
        {
            var path = Routes.Results.Fill([job.ToString()], ("format", "ndjson"), ("offset", from.ToString(CultureInfo.InvariantCulture)));
            using var response = await api.OpenAsync(Routes.Results, path, "application/x-ndjson", cancellationToken).ConfigureAwait(false);
            var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            var lines = JsonSerializer
                .DeserializeAsyncEnumerable(stream, StashJsonContext.Default.TaskResult, topLevelValues: true, cancellationToken)
                .GetAsyncEnumerator(cancellationToken);
            await using (lines.ConfigureAwait(false))
            {
                while (true)
                {
                    try
                    {
                        if (!await lines.MoveNextAsync().ConfigureAwait(false)) yield break;
                    }
                    catch (Exception exception) when (exception is IOException or HttpRequestException)
                    {
                        if (++breaks > MaxBreaks)
                        {
                            throw new StashUnreachableException(
                                $"The results of job {job} broke off at item {from}: {exception.Message}", exception);
                        }

                        break;
                    }

                    var result = lines.Current!;
                    if (isInOrder && result.Index != from) yield break;
                    from = result.Index + 1;
                    breaks = 0;
                    yield return result;
                }
            }

            await Task.Delay(ApiSender.DelayOf(breaks), api.Clock, cancellationToken).ConfigureAwait(false);
        }
    }
}
