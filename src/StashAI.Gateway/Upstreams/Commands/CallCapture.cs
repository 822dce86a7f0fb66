using System.Net;

namespace StashAI.Gateway.Upstreams.Commands;

/// <summary>Captures a request instead of sending it.</summary>
internal sealed class CallCapture : HttpMessageHandler
{
    /// <summary>The request; null while there is none.</summary>
    public CapturedCall? Call { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var content = request.Content;
        Call ??= new CapturedCall(
            request.Method.Method,
            request.RequestUri!.AbsoluteUri,
            [
                .. request.Headers.NonValidated.Concat(content?.Headers.NonValidated ?? default)
                    .Select(header => KeyValuePair.Create(header.Key, header.Value.ToString())),
            ],
            content is null ? null : await content.ReadAsByteArrayAsync(cancellationToken));
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("{}") };
    }
}

/// <summary>A request as an adapter makes it.</summary>
/// <param name="Body">The body; null for none.</param>
internal sealed record CapturedCall(
    string Method, string Url, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[]? Body);
