using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using StashAI.Client.Errors;

namespace StashAI.Server.Cli.Batches;

/// <summary>The routes of OpenAI's batches on a server. What may be over soon is tried again for a while.</summary>
internal sealed class BatchServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Uri server;
    private readonly string? key;
    private readonly TimeProvider clock;
    private readonly HttpClient http;
    private bool hasAnswered;

    public BatchServer(Uri server, string? key, TimeProvider clock)
    {
        this.server = server.AbsoluteUri.EndsWith('/') ? server : new Uri(server.AbsoluteUri + "/");
        (this.key, this.clock) = (key, clock);
        http = new HttpClient(new SocketsHttpHandler { UseProxy = !server.IsLoopback }) { Timeout = Timeout.InfiniteTimeSpan };
    }

    private string Authority => server.GetLeftPart(UriPartial.Authority);

    /// <summary>Reads an object.</summary>
    public Task<JsonObject> ReadAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, null, null, Limit, cancellationToken);

    /// <summary>Makes an object, once for each idempotency key.</summary>
    /// <param name="path">The route.</param>
    /// <param name="body">The request.</param>
    /// <param name="idempotencyKey">The same for each attempt; null for none.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<JsonObject> PostAsync(string path, JsonObject body, string? idempotencyKey, CancellationToken cancellationToken)
    {
        var text = body.ToJsonString();
        return SendAsync(
            HttpMethod.Post, path, () => new StringContent(text, Encoding.UTF8, "application/json"), idempotencyKey, Limit,
            cancellationToken);
    }

    /// <summary>Sends a form with a part of a file. It may take long, and has no limit.</summary>
    public Task<JsonObject> PostFileAsync(
        string path, IReadOnlyList<(string Name, string Value)> fields, (string Name, string FileName, Func<Stream> Open) file,
        string? idempotencyKey, CancellationToken cancellationToken) => SendAsync(
        HttpMethod.Post,
        path,
        () =>
        {
            var form = new MultipartFormDataContent();
            foreach (var (name, value) in fields) form.Add(new StringContent(value), name);
            form.Add(new StreamContent(file.Open()), file.Name, file.FileName);
            return form;
        },
        idempotencyKey,
        Timeout.InfiniteTimeSpan,
        cancellationToken);

    /// <summary>Opens a stream of lines, without trying again.</summary>
    /// <exception cref="StashUnreachableException">The server does not answer.</exception>
    public async Task<HttpResponseMessage> OpenAsync(string path, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Get, path);
        var response = await AnswerAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode) return response;
        using (response) throw await RefusalOfAsync(response, cancellationToken);
    }

    /// <summary>True for what may be over soon: the server is away, starts again, or is busy.</summary>
    public static bool MayPass(StashException exception) => exception is StashUnreachableException or StashUnavailableException
        || exception is StashConflictException { RetryAfter: not null };

    public void Dispose() => http.Dispose();

    private async Task<JsonObject> SendAsync(
        HttpMethod method, string path, Func<HttpContent>? content, string? idempotencyKey, TimeSpan limit,
        CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            TimeSpan pause;
            try
            {
                using var timer = new CancellationTokenSource(limit, clock);
                using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
                return await AttemptAsync(method, path, content, idempotencyKey, stop.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                if (clock.GetElapsedTime(began) >= Patience)
                    throw new StashUnreachableException($"{Authority} did not answer within {limit.TotalSeconds:0} s.");
                pause = Pause;
            }
            catch (StashException exception) when (MayPass(exception) && clock.GetElapsedTime(began) < Patience)
            {
                // A server that never answered is said at once: its address may be wrong.
                if (exception is StashUnreachableException && !hasAnswered) throw;
                var left = Patience - clock.GetElapsedTime(began);
                pause = exception.RetryAfter ?? Pause;
                if (pause > left) throw;
            }

            await Task.Delay(pause, clock, cancellationToken);
        }
    }

    private async Task<JsonObject> AttemptAsync(
        HttpMethod method, string path, Func<HttpContent>? content, string? idempotencyKey, CancellationToken cancellationToken)
    {
        using var request = Request(method, path);
        request.Content = content?.Invoke();
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var response = await AnswerAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode) throw await RefusalOfAsync(response, cancellationToken);
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            return (await JsonNode.ParseAsync(stream, cancellationToken: cancellationToken))!.AsObject();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NullReferenceException)
        {
            throw new StashProtocolException(
                $"{request.RequestUri} does not answer as a StashAI server does. Check the address.", exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new StashUnreachableException($"The connection to {Authority} broke: {exception.Message}", exception);
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(server, path));
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return request;
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            hasAnswered = true;
            return response;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new StashUnreachableException(
                $"{Authority} does not answer: {exception.GetBaseException().Message.TrimEnd('.')}.", exception);
        }
    }

    /// <summary>The refusal in the server's words, which are in OpenAI's form here.</summary>
    private static async Task<StashException> RefusalOfAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = $"The server answered with status {(int)response.StatusCode} and no explanation.";
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            var answer = await JsonNode.ParseAsync(stream, cancellationToken: cancellationToken);
            text = (string?)answer?["error"]?["message"] ?? (string?)answer?["detail"] ?? text;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or HttpRequestException or IOException)
        {
            // The status says enough.
        }

        var (status, wait) = (response.StatusCode, response.Headers.RetryAfter?.Delta);
        return (int)status switch
        {
            400 or 413 or 415 or 422 => new StashInvalidRequestException(text) { Status = status },
            401 or 403 => new StashNotAllowedException(text) { Status = status },
            404 => new StashNotFoundException(text) { Status = status },
            409 => new StashConflictException(text) { Status = status, RetryAfter = wait },
            429 or 502 or 503 or 504 or 507 => new StashUnavailableException(text) { Status = status, RetryAfter = wait },
            _ => new StashException(text) { Status = status },
        };
    }
}
