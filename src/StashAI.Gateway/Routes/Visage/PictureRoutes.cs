using StashAI.Adapters.Visage;
using StashAI.Gateway.Access;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Upstreams.Gallery;
using StashAI.Gateway.Upstreams.Outbound;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Links;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Engine;
using StashAI.Queue.Services;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Visage;

/// <summary>
/// <c>GET /api/visage/pictures/{token}</c>: the picture of a person known to a face service. It needs no key: the token in the path, which
/// results contain, is valid only for this picture.
/// </summary>
internal sealed class PictureRoutes(
    PictureLinks links, IUpstreamResolver services, OutboundHttpClientFactory clients, GallerySecret secret, QueueEngine engine,
    TimeProvider clock)
{
    /// <summary>The largest picture; faces have a few kilobytes.</summary>
    private const int MaxBytes = 2 * 1024 * 1024;

    private const int MaxKept = 256;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>How long a picture is cached; they rarely change.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(5);

    private static readonly HashSet<string> Types =
        new(StringComparer.OrdinalIgnoreCase) { "image/jpeg", "image/png", "image/webp", "image/gif" };

    private readonly Lock gate = new();
    private readonly Dictionary<(string Origin, Guid Person), (Picture Picture, long At)> pictures = [];

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(
            PictureToken.PathPrefix + "/{token}",
            (HttpContext context, PictureRoutes pictures, string token) => pictures.ShowAsync(context, token))
            .Describe(VisageDocs.Picture).NeedsNothing();

    private async Task ShowAsync(HttpContext context, string text)
    {
        if (await links.ReadAsync(text, context.RequestAborted) is not { } token)
            throw RequestException.NotFound("This link to a picture is not valid any more: read the result again, which has a new one.");
        // Another process may have deleted the person.
        var kept = await IsErasedAsync(token, context.RequestAborted) ? null : Find(token);
        var picture = kept ?? Keep(token, await FetchAsync(token, context.RequestAborted));
        var response = context.Response;
        response.ContentType = picture.Type;
        response.ContentLength = picture.Bytes.Length;
        response.Headers.CacheControl = "private, max-age=3600";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        await response.Body.WriteAsync(picture.Bytes, context.RequestAborted);
    }

    private async Task<bool> IsErasedAsync(PictureToken token, CancellationToken cancellationToken) =>
        await engine.Results.Erasures.FindErasureOfAsync($"{token.Person}", cancellationToken) is not null;

    private Picture? Find(PictureToken token)
    {
        lock (gate)
        {
            return pictures.TryGetValue((token.Origin, token.Person), out var one) && clock.GetElapsedTime(one.At) < Freshness
                ? one.Picture
                : null;
        }
    }

    private Picture Keep(PictureToken token, Picture picture)
    {
        if (picture.Bytes.Length > MaxBytes / 16) return picture;
        lock (gate)
        {
            if (pictures.Count >= MaxKept) pictures.Clear();
            pictures[(token.Origin, token.Person)] = (picture, clock.GetTimestamp());
        }

        return picture;
    }

    private async Task<Picture> FetchAsync(PictureToken token, CancellationToken cancellationToken)
    {
        var path = ShownResults.PathOf(token.Person);
        var address = token.Origin.Length > 0 ? new Uri(token.Origin + path) : services.Resolve(ServiceUri.For(VisageAdapter.Name, path));
        if (address is null) throw Down("it is not running");
        using var patience = new CancellationTokenSource(Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            // The origin of a link is an address that a job named, and is checked as one. The configured service would be refused.
            using var http = clients.Create(token.Origin.Length > 0 ? OutboundPurpose.Named : OutboundPurpose.Configured);
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            // Another service that a job named must not learn the secret.
            if (token.Origin.Length == 0) secret.AddTo(request);
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (!answer.IsSuccessStatusCode)
            {
                throw RequestException.NotFound($"The face service has no such picture any more (it answered {(int)answer.StatusCode}).");
            }

            // Other answers of the service must not be shown under this server's name.
            if (answer.Content.Headers.ContentType?.MediaType is not { } type || !Types.Contains(type))
                throw RequestException.NotFound("The face service answered with something that is no picture.");
            await answer.Content.LoadIntoBufferAsync(MaxBytes, either.Token);
            return new Picture(type, await answer.Content.ReadAsByteArrayAsync(either.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Down("it does not answer");
        }
        catch (Exception exception) when (exception is HttpRequestException or OutboundRefusedException)
        {
            throw Down("it cannot be reached");
        }
    }

    private static RequestException Down(string reason) =>
        new(Problem.Unavailable($"The face service that has this picture cannot show it: {reason}. Try again later."));

    private sealed record Picture(string Type, byte[] Bytes);
}
