using System.Net;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using StashAI.Adapters.Visage;
using StashAI.Gateway.Upstreams.Outbound;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Problems;
using StashAI.Hosting.Problems;
using StashAI.Queue.Services;
using StashAI.Sdk;

namespace StashAI.Gateway.Upstreams.Gallery;

/// <summary>
/// Calls the gallery of the configured face service, with the secret. Each method is one route of the service: nothing that a client sends
/// becomes part of an address, except ids and escaped parameters.
/// </summary>
internal sealed class GalleryClient(
    IUpstreamResolver services, OutboundHttpClientFactory clients, GallerySecret secret, TimeProvider clock)
{
    private const string People = "/api/gallery/people";

    /// <summary>The most people of one <see cref="FindAsync"/>, because their ids are part of an address.</summary>
    public const int MaxIds = 100;

    private const int MaxAnswer = 16 * 1024 * 1024;
    private const int MaxPicture = 2 * 1024 * 1024;

    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(30);

    /// <summary>A request with a thousand photos takes minutes.</summary>
    private static readonly TimeSpan EnrolTimeout = TimeSpan.FromMinutes(30);

    public Task<GalleryPage> ListAsync(int limit, string? after, string? search, string? sort, CancellationToken cancellationToken)
    {
        var query = $"?limit={limit}" + Parameter("after", after) + Parameter("search", search) + Parameter("sort", sort);
        return AskAsync(HttpMethod.Get, People + query, null, GalleryJson.Default.GalleryPage, ReadTimeout, cancellationToken);
    }

    public Task<GalleryPerson> ShowAsync(Guid id, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Get, $"{People}/{id}", null, GalleryJson.Default.GalleryPerson, ReadTimeout, cancellationToken);

    /// <summary>The people of these ids, at most <see cref="MaxIds"/>; unknown ones are left out.</summary>
    public async Task<IReadOnlyList<GalleryPerson>> FindAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken) =>
        ids.Count == 0
            ? []
            : (await AskAsync(
                HttpMethod.Get, $"{People}?ids={string.Join(',', ids)}", null, GalleryJson.Default.GalleryPage, ReadTimeout,
                cancellationToken)).People;

    public Task<GalleryPerson> EnrolAsync(HttpContent body, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Post, People, body, GalleryJson.Default.GalleryPerson, EnrolTimeout, cancellationToken);

    public Task<GalleryPerson> AddPhotosAsync(Guid id, HttpContent body, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Post, $"{People}/{id}/photos", body, GalleryJson.Default.GalleryPerson, EnrolTimeout, cancellationToken);

    public Task<GalleryPerson> ChangeAsync(Guid id, HttpContent body, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Patch, $"{People}/{id}", body, GalleryJson.Default.GalleryPerson, ReadTimeout, cancellationToken);

    public Task<GalleryPerson> MergeAsync(Guid id, HttpContent body, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Post, $"{People}/{id}/merge", body, GalleryJson.Default.GalleryPerson, ReadTimeout, cancellationToken);

    public Task<GallerySplit> SplitAsync(Guid id, HttpContent body, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Post, $"{People}/{id}/split", body, GalleryJson.Default.GallerySplit, ReadTimeout, cancellationToken);

    public Task DeleteAsync(Guid id, CancellationToken cancellationToken) =>
        AskAsync<object>(HttpMethod.Delete, $"{People}/{id}", null, null, ReadTimeout, cancellationToken);

    public Task DeleteFaceAsync(Guid id, Guid face, bool withPerson, CancellationToken cancellationToken) => AskAsync<object>(
        HttpMethod.Delete, $"{People}/{id}/faces/{face}{(withPerson ? "?with_person=true" : "")}", null, null, ReadTimeout,
        cancellationToken);

    public Task<GalleryFaces> FacesAsync(Guid id, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Get, $"{People}/{id}/faces", null, GalleryJson.Default.GalleryFaces, ReadTimeout, cancellationToken);

    public Task<GalleryRejections> RejectAsync(Guid id, HttpContent body, CancellationToken cancellationToken) => AskAsync(
        HttpMethod.Post, $"{People}/{id}/rejections", body, GalleryJson.Default.GalleryRejections, EnrolTimeout, cancellationToken);

    public Task<GalleryRejections> RejectionsAsync(Guid id, CancellationToken cancellationToken) => AskAsync(
        HttpMethod.Get, $"{People}/{id}/rejections", null, GalleryJson.Default.GalleryRejections, ReadTimeout, cancellationToken);

    /// <summary>Removes a rejection, and says what it was.</summary>
    public Task<GalleryRejection> DeleteRejectionAsync(Guid id, Guid rejection, CancellationToken cancellationToken) => AskAsync(
        HttpMethod.Delete, $"{People}/{id}/rejections/{rejection}", null, GalleryJson.Default.GalleryRejection, ReadTimeout,
        cancellationToken);

    /// <summary>The picture of a person's best face, or of one face, as a JPEG.</summary>
    public async Task<byte[]> PictureAsync(Guid id, Guid? face, CancellationToken cancellationToken)
    {
        using var timeout = new Deadline(ReadTimeout, clock, cancellationToken);
        var path = face is { } one ? $"{People}/{id}/faces/{one}/picture" : $"{People}/{id}/picture";
        return await GuardAsync(
            async () =>
            {
                using var answer = await SendAsync(HttpMethod.Get, path, null, timeout.Token);
                if (answer.Content.Headers.ContentType?.MediaType != "image/jpeg") throw Foreign();
                await answer.Content.LoadIntoBufferAsync(MaxPicture, timeout.Token);
                return await answer.Content.ReadAsByteArrayAsync(timeout.Token);
            },
            cancellationToken);
    }

    /// <summary>Opens the export; the caller disposes the answer.</summary>
    public Task<HttpResponseMessage> ExportAsync(CancellationToken cancellationToken) =>
        GuardAsync(() => SendAsync(HttpMethod.Get, "/api/gallery/export", null, cancellationToken), cancellationToken);

    public Task<GalleryImport> ImportAsync(HttpContent body, CancellationToken cancellationToken) =>
        AskAsync(
            HttpMethod.Post, "/api/gallery/import", body, GalleryJson.Default.GalleryImport, Timeout.InfiniteTimeSpan, cancellationToken);

    private static string Parameter(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";

    private async Task<T> AskAsync<T>(
        HttpMethod method, string path, HttpContent? body, JsonTypeInfo<T>? type, TimeSpan timeout, CancellationToken cancellationToken)
        where T : class
    {
        using var deadline = new Deadline(timeout, clock, cancellationToken);
        return await GuardAsync(
            async () =>
            {
                using var answer = await SendAsync(method, path, body, deadline.Token);
                if (type is null) return null!;
                await answer.Content.LoadIntoBufferAsync(MaxAnswer, deadline.Token);
                await using var stream = await answer.Content.ReadAsStreamAsync(deadline.Token);
                return await JsonSerializer.DeserializeAsync(stream, type, deadline.Token) ?? throw Foreign();
            },
            cancellationToken);
    }

    /// <summary>Sends a request. The answer is a success; refusals become those of the gateway.</summary>
    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken)
    {
        var address = services.Resolve(ServiceUri.For(VisageAdapter.Name, path)) ?? throw Down("is not running");
        using var request = new HttpRequestMessage(method, address) { Content = body };
        secret.AddTo(request);
        using var http = clients.Create(OutboundPurpose.Configured);
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (answer.IsSuccessStatusCode) return answer;
        using (answer) throw await RefusalAsync(answer, cancellationToken);
    }

    private static async Task<RequestException> RefusalAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)
        {
            return new(Problem.Unavailable(
                $"The face service does not accept this server's secret: let both read the same file ({GallerySecret.Setting}).") with
            {
                RetryAfterSeconds = null,
                Setting = GallerySecret.Setting,
            });
        }

        if ((int)answer.StatusCode >= 500) return Down($"failed with status {(int)answer.StatusCode}; its log has the reason");
        if (answer.Content.Headers.ContentType?.MediaType != Problem.ContentType) return Foreign();
        await answer.Content.LoadIntoBufferAsync(MaxAnswer, cancellationToken);
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var refusal = await JsonSerializer.DeserializeAsync(stream, GalleryJson.Default.GalleryRefusal, cancellationToken);
        var wait = answer.Headers.RetryAfter?.Delta;
        return new(ProblemOf((int)answer.StatusCode, refusal) with
        {
            RetryAfterSeconds = wait is { } time ? (int)time.TotalSeconds : null,
        });
    }

    private static Problem ProblemOf(int status, GalleryRefusal? refusal)
    {
        var detail = (refusal?.Detail ?? "The face service refused this.").Replace(People, "/api/people", StringComparison.Ordinal);
        var plain = status switch
        {
            StatusCodes.Status400BadRequest => Problem.BadRequest(detail),
            StatusCodes.Status404NotFound => Problem.NotFound(detail),
            StatusCodes.Status409Conflict => Problem.Conflict(detail),
            StatusCodes.Status422UnprocessableEntity => Problem.Invalid(detail),
            _ => Problem.FromStatus(status) with { Detail = detail },
        };
        var more = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (refusal?.PersonId is { } person) more["person_id"] = JsonSerializer.SerializeToElement(person, GalleryJson.Default.Guid);
        if (refusal?.Faces is { } faces) more["faces"] = faces;
        return plain with { Errors = ProblemError.At(refusal?.Field, detail), More = more.Count > 0 ? more : null };
    }

    /// <summary>Turns failures of the connection into problems. What the client did wrong with its own body stays as it is.</summary>
    private static async Task<T> GuardAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Down("does not answer");
        }
        catch (HttpRequestException exception)
            when (exception.InnerException is BadHttpRequestException or RequestException or IntakeException)
        {
            ExceptionDispatchInfo.Throw(exception.InnerException);
            throw;
        }
        catch (Exception exception) when (exception is HttpRequestException or OutboundRefusedException)
        {
            throw Down("cannot be reached");
        }
        catch (JsonException)
        {
            throw Foreign();
        }
    }

    private static RequestException Foreign() => new(Problem.Unavailable(
        "The configured face service has no gallery that this server knows: use the one that comes with it.") with
    {
        RetryAfterSeconds = null,
    });

    private static RequestException Down(string reason) => new(Problem.Unavailable($"The face service {reason}. Try again later."));

    /// <summary>A token that ends with the request or after a time.</summary>
    private sealed class Deadline : IDisposable
    {
        private readonly CancellationTokenSource timer;
        private readonly CancellationTokenSource either;

        public Deadline(TimeSpan time, TimeProvider clock, CancellationToken cancellationToken)
        {
            timer = new CancellationTokenSource(time, clock);
            either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        }

        public CancellationToken Token => either.Token;

        public void Dispose()
        {
            either.Dispose();
            timer.Dispose();
        }
    }
}
