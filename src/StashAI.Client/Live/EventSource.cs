using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using StashAI.Client.Errors;
using StashAI.Client.Http;
using StashAI.Client.Models;

namespace StashAI.Client.Live;

/// <summary>Follows jobs by server-sent events, where no WebSocket gets through.</summary>
internal static class EventSource
{
    private const string MediaType = "text/event-stream";

    /// <summary>The address of a stream names its jobs, and a request line has an end.</summary>
    private const int MaxJobs = 2000;

    private static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(45);

    public static async IAsyncEnumerable<JobProgress> ReadAsync(
        ApiSender api, IReadOnlyCollection<Guid> jobs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (jobs.Count > MaxJobs) throw new LiveUnsupportedException($"An event stream can follow {MaxJobs} jobs at most.");
        using var response = await OpenAsync(api, jobs, cancellationToken).ConfigureAwait(false);
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var stream = new IdleStream(body, MaxSilence, api.Clock);
        var messages = SseParser.Create(stream, (_, data) => data.ToArray());
        await foreach (var one in messages.EnumerateAsync(cancellationToken).ConfigureAwait(false))
        {
            if (LiveMessages.Read(one.Data) is { } progress) yield return progress;
        }
    }

    private static async Task<HttpResponseMessage> OpenAsync(
        ApiSender api, IReadOnlyCollection<Guid> jobs, CancellationToken cancellationToken)
    {
        try
        {
            var path = Routes.Events.Fill([], ("job_id", string.Join(',', jobs)));
            var response = await api.OpenAsync(Routes.Events, path, MediaType, cancellationToken).ConfigureAwait(false);
            if (response.Content.Headers.ContentType?.MediaType == MediaType) return response;
            response.Dispose();
            throw new LiveUnsupportedException($"The event stream came as {response.Content.Headers.ContentType}.");
        }
        catch (StashException exception)
            when (exception is not (StashNotAllowedException or StashUnreachableException or StashUnavailableException))
        {
            throw new LiveUnsupportedException(exception.Message, exception);
        }
    }
}
