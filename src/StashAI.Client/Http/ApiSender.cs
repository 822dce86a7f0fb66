using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using StashAI.Client.Errors;
using StashAI.Client.Models;

namespace StashAI.Client.Http;

/// <summary>Sends requests, and sends again what may be repeated.</summary>
internal sealed class ApiSender(HttpClient http, Uri server, string? key, TimeSpan timeout, int maxRetries, TimeProvider clock)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(10);

    /// <summary>A server that asks for a longer wait gets no retry: the caller decides.</summary>
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LongAttempt = TimeSpan.FromSeconds(10);

    public Uri Server { get; } = server.AbsoluteUri.EndsWith('/') ? server : new Uri(server.AbsoluteUri + "/");

    public HttpClient Http => http;

    private string Authority => Server.GetLeftPart(UriPartial.Authority);

    public string? Key => key;

    public TimeProvider Clock => clock;

    /// <summary>The absolute address of a path.</summary>
    public Uri AddressOf(string path) => new(Server, path);

    public Task<T> ReadAsync<T>(Route route, string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        ReadAsync(route, path, null, type, [], cancellationToken);

    /// <summary>Sends a request and reads its answer.</summary>
    /// <param name="route">The route.</param>
    /// <param name="path">Its path and query.</param>
    /// <param name="content">Makes the body of each attempt; null for none.</param>
    /// <param name="type">The form of the answer.</param>
    /// <param name="alsoAccepted">Statuses besides 2xx whose answers have this form.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<T> ReadAsync<T>(
        Route route,
        string path,
        Func<HttpContent>? content,
        JsonTypeInfo<T> type,
        IReadOnlyList<HttpStatusCode> alsoAccepted,
        CancellationToken cancellationToken) =>
        RunAsync(
            route.Repeat,
            async stop =>
            {
                using var request = Request(route, path);
                request.Content = content?.Invoke();
                using var response = await SendAsync(request, stop).ConfigureAwait(false);
                if (!response.IsSuccessStatusCode && !alsoAccepted.Contains(response.StatusCode))
                    throw await ExceptionOfAsync(route, response, stop).ConfigureAwait(false);
                return await DeserializeAsync(response, type, stop).ConfigureAwait(false);
            },
            timeout,
            cancellationToken);

    /// <summary>Sends a request whose answer has no body.</summary>
    public Task SendAsync(Route route, string path, CancellationToken cancellationToken) => RunAsync(
        route.Repeat,
        async stop =>
        {
            using var request = Request(route, path);
            using var response = await SendAsync(request, stop).ConfigureAwait(false);
            return response.IsSuccessStatusCode
                ? true
                : throw await ExceptionOfAsync(route, response, stop).ConfigureAwait(false);
        },
        timeout,
        cancellationToken);

    /// <summary>Sends a body that is made while it is sent. No time limit: a body may have gigabytes.</summary>
    public Task<T> UploadAsync<T>(
        Route route,
        string path,
        Func<SentContent> content,
        string idempotencyKey,
        bool isRepeatable,
        JsonTypeInfo<T> type,
        CancellationToken cancellationToken) =>
        RunAsync(
            isRepeatable,
            async stop =>
            {
                using var body = content();
                using var request = Request(route, path);
                request.Content = body;
                request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
                // A refusal of the key or of the route comes before the body is sent.
                request.Headers.ExpectContinue = true;
                try
                {
                    using var response = await SendAsync(request, stop).ConfigureAwait(false);
                    if (!response.IsSuccessStatusCode) throw await ExceptionOfAsync(route, response, stop).ConfigureAwait(false);
                    return await DeserializeAsync(response, type, stop).ConfigureAwait(false);
                }
                catch (StashUnreachableException) when (body.Fault is { } fault)
                {
                    throw new SourceFaultException(fault);
                }
            },
            Timeout.InfiniteTimeSpan,
            cancellationToken);

    /// <summary>
    /// Sends a part of a large upload, again and again until it arrives: the server may be starting anew. Refusals end it.
    /// </summary>
    /// <param name="route">The route.</param>
    /// <param name="path">Its path.</param>
    /// <param name="content">Makes the body of each attempt; null for none.</param>
    /// <param name="headers">Headers of each attempt.</param>
    /// <param name="limit">How long one attempt may take.</param>
    /// <param name="patience">When it gives up: after so long without an answer.</param>
    /// <param name="type">The form of the answer.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<T> SendPatientlyAsync<T>(
        Route route,
        string path,
        Func<HttpContent>? content,
        IReadOnlyList<(string Name, string Value)> headers,
        TimeSpan limit,
        TimeSpan patience,
        JsonTypeInfo<T> type,
        CancellationToken cancellationToken)
    {
        var failing = clock.GetTimestamp();
        for (var retry = 0; ; retry++)
        {
            var began = clock.GetTimestamp();
            try
            {
                return await RunAsync(
                    false,
                    async stop =>
                    {
                        using var request = Request(route, path);
                        request.Content = content?.Invoke();
                        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
                        using var response = await SendAsync(request, stop).ConfigureAwait(false);
                        if (!response.IsSuccessStatusCode) throw await ExceptionOfAsync(route, response, stop).ConfigureAwait(false);
                        return await DeserializeAsync(response, type, stop).ConfigureAwait(false);
                    },
                    limit,
                    cancellationToken).ConfigureAwait(false);
            }
            catch (StashException exception) when (maxRetries > 0 && MayPass(exception))
            {
                // An attempt that was under way for long had a server to talk to.
                if (clock.GetElapsedTime(began) > LongAttempt) failing = clock.GetTimestamp();
                if (clock.GetElapsedTime(failing) >= patience) throw;
                await Task.Delay(exception.RetryAfter ?? DelayOf(retry), clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Opens a stream of the server; the caller disposes the answer.</summary>
    public Task<HttpResponseMessage> OpenAsync(Route route, string path, string accept, CancellationToken cancellationToken) =>
        RunAsync(
            route.Repeat,
            async stop =>
            {
                using var request = Request(route, path);
                request.Headers.Accept.Clear();
                request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
                var response = await SendAsync(request, stop).ConfigureAwait(false);
                if (response.IsSuccessStatusCode) return response;
                using (response) throw await ExceptionOfAsync(route, response, stop).ConfigureAwait(false);
            },
            timeout,
            cancellationToken);

    /// <summary>The wait before retry number <paramref name="retry"/>, from 0: twice as long each time, of which half is chance.</summary>
    public static TimeSpan DelayOf(int retry)
    {
        var most = Math.Min(MaxDelay.TotalMilliseconds, FirstDelay.TotalMilliseconds * Math.Pow(2, Math.Min(retry, 20)));
        return TimeSpan.FromMilliseconds(most / 2 + most / 2 * Random.Shared.NextDouble());
    }

    /// <summary>The exception for a refusal. A route that is missing is told from a job or a task that is missing.</summary>
    private async Task<StashException> ExceptionOfAsync(Route route, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var exception = await ApiAnswers.ExceptionOfAsync(response, cancellationToken).ConfigureAwait(false);
        if (!route.IsRecent || response.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed)) return exception;
        WireRoot root;
        try
        {
            root = await ReadAsync(Routes.Root, Routes.Root.Fill([]), StashJsonContext.Default.WireRoot, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (StashException)
        {
            return exception; // A proxy that shows nothing but the API, or a server of another kind.
        }

        if (root.Routes is not { Count: > 0 } routes || routes.Any(route.IsNamedBy)) return exception;
        return new StashOutdatedServerException(
            $"{Authority} is a StashAI server of version {root.Version ?? "unknown"}, which is older than this program: it has no "
            + $"{route.Method} {route.Template}. Update the server.", exception)
        {
            Status = response.StatusCode,
        };
    }

    private HttpRequestMessage Request(Route route, string path)
    {
        var request = new HttpRequestMessage(route.Method, AddressOf(path)) { VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        // Tasks are called `completed`, and nothing as for the Stash plugin.
        request.Headers.TryAddWithoutValidation("StashAI-Dialect", "default");
        return request;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new StashUnreachableException($"{Authority} does not answer: {Innermost(exception)}", exception);
        }
    }

    private static string Innermost(Exception exception) =>
        (exception.GetBaseException().Message is { Length: > 0 } text ? text : exception.Message).TrimEnd('.') + ".";

    private async Task<T> DeserializeAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return await JsonSerializer.DeserializeAsync(stream, type, cancellationToken).ConfigureAwait(false)
                ?? throw new StashProtocolException($"{response.RequestMessage?.RequestUri} answered with null.");
        }
        catch (JsonException exception)
        {
            throw new StashProtocolException(
                $"{response.RequestMessage?.RequestUri} does not answer as a StashAI server does: {exception.Message} Check the address.",
                exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new StashUnreachableException($"The connection to {Authority} broke: {Innermost(exception)}", exception);
        }
    }

    private async Task<T> RunAsync<T>(
        bool isRepeatable, Func<CancellationToken, Task<T>> attempt, TimeSpan limit, CancellationToken cancellationToken)
    {
        for (var retry = 0; ; retry++)
        {
            TimeSpan delay;
            using var timer = limit == Timeout.InfiniteTimeSpan ? null : new CancellationTokenSource(limit, clock);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer?.Token ?? CancellationToken.None);
            try
            {
                return await attempt(stop.Token).ConfigureAwait(false);
            }
            catch (SourceFaultException exception)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(exception.InnerException!);
                throw;
            }
            catch (OperationCanceledException exception)
                when (timer is { IsCancellationRequested: true } && !cancellationToken.IsCancellationRequested)
            {
                if (!isRepeatable || retry >= maxRetries)
                {
                    throw new StashUnreachableException($"{Authority} did not answer within {limit.TotalSeconds:0.###} s.", exception);
                }

                delay = DelayOf(retry);
            }
            catch (StashException exception) when (isRepeatable && retry < maxRetries && MayPass(exception))
            {
                delay = exception.RetryAfter is { } asked ? asked : DelayOf(retry);
            }

            await Task.Delay(delay, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// True for what may be over soon. A conflict with a wait is a first request with the same idempotency key that is still running.
    /// </summary>
    private static bool MayPass(StashException exception) => exception switch
    {
        { RetryAfter: { } wait } when wait > MaxRetryAfter => false,
        StashUnreachableException => true,
        StashUnavailableException { Status: HttpStatusCode.InsufficientStorage } => false,
        StashUnavailableException => true,
        StashConflictException { RetryAfter: not null } => true,
        _ => false,
    };

    /// <summary>Carries a fault of the caller's own items past the retries.</summary>
    private sealed class SourceFaultException(Exception fault) : Exception(fault.Message, fault);
}
