using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using StashAI.Client.Errors;
using StashAI.Client.Http;
using StashAI.Client.Models;

namespace StashAI.Client.Live;

/// <summary>Follows jobs, lists of jobs or services by server-sent events, where no WebSocket gets through.</summary>
internal static class EventSource
{
    private const string MediaType = "text/event-stream";

    /// <summary>The address of a stream names its jobs, and a request line has an end.</summary>
    private const int MaxJobs = 2000;

    private static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(45);

    /// <summary>Follows jobs.</summary>
    public static IAsyncEnumerable<JobProgress> ReadAsync(
        ApiSender api, IReadOnlyCollection<Guid> jobs, CancellationToken cancellationToken) => jobs.Count > MaxJobs
        ? throw new LiveUnsupportedException($"An event stream can follow {MaxJobs} jobs at most.")
        : ReadAsync(api, ("job_id", string.Join(',', jobs)), LiveMessages.Read, cancellationToken);

    /// <summary>Reads the messages of a stream.</summary>
    /// <param name="api">The server.</param>
    /// <param name="wanted">The parameter that says what to follow.</param>
    /// <param name="read">Reads a message; null for one that is not wanted.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async IAsyncEnumerable<T> ReadAsync<T>(
        ApiSender api, (string Name, string Value) wanted, LiveReader<T> read, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        using var response = await OpenAsync(api, wanted, cancellationToken).ConfigureAwait(false);
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var stream = new IdleStream(body, MaxSilence, api.Clock);
        var messages = SseParser.Create(stream, (_, data) => data.ToArray());
        await foreach (var one in messages.EnumerateAsync(cancellationToken).ConfigureAwait(false))
        {
            if (read(one.Data) is { } news) yield return news;
        }
    }

    private static async Task<HttpResponseMessage> OpenAsync(
        ApiSender api, (string Name, string Value) wanted, CancellationToken cancellationToken)
    {
        try
        {
            var path = Routes.Events.Fill([], (wanted.Name, wanted.Value));
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
