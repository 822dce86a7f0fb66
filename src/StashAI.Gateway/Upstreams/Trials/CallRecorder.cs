using System.Text;
using StashAI.Adapters.Http;
using StashAI.Adapters.Http.Secrets;

namespace StashAI.Gateway.Upstreams.Trials;

/// <summary>Records the calls that it forwards, without secrets.</summary>
/// <param name="inner">Makes the calls.</param>
/// <param name="secretHeaders">The headers whose values are not shown.</param>
/// <param name="mask">Hides secrets everywhere else.</param>
/// <param name="maxShown">The most bytes of a body that are shown.</param>
internal sealed class CallRecorder(HttpMessageHandler inner, IReadOnlySet<string> secretHeaders, SecretMask mask, int maxShown)
    : HttpMessageHandler
{
    private const int MaxAnswer = 64 * 1024 * 1024;

    private readonly HttpMessageInvoker invoker = new(inner, disposeHandler: false);
    private readonly List<TrialExchange> exchanges = [];

    /// <summary>The calls in their order.</summary>
    public IReadOnlyList<TrialExchange> Exchanges => exchanges;

    /// <summary>The body of the last successful answer, or null.</summary>
    public byte[]? Answer { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is not null) await request.Content.LoadIntoBufferAsync(cancellationToken);
        var exchange = new TrialExchange
        {
            Method = request.Method.Method,
            Url = mask.Hide($"{request.RequestUri}"),
            // Raw values: typed ones would be formatted again.
            Headers =
            [
                .. request.Headers.NonValidated.Concat(request.Content?.Headers.NonValidated ?? default).Select(
                    header => KeyValuePair.Create(
                        header.Key, secretHeaders.Contains(header.Key) ? "(secret)" : mask.Hide(header.Value.ToString()))),
            ],
            Body = request.Content is null
                ? null
                : mask.Hide(Shown(await request.Content.ReadAsByteArrayAsync(cancellationToken))),
        };
        exchanges.Add(exchange);
        var response = await invoker.SendAsync(request, cancellationToken);
        await response.Content.LoadIntoBufferAsync(MaxAnswer, cancellationToken);
        var body = await DecodedAsync(response.Content, cancellationToken);
        exchange.Status = (int)response.StatusCode;
        exchange.Reason = mask.Hide(response.ReasonPhrase ?? "");
        exchange.AnswerType = response.Content.Headers.ContentType?.ToString();
        exchange.Answer = mask.Hide(Shown(body));
        exchange.AnswerBytes = body.Length;
        if (response.IsSuccessStatusCode) Answer = body;
        return response;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) invoker.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>The decompressed body. If that fails, the body as received; the outcome of the call then reports the error.</summary>
    private static async Task<byte[]> DecodedAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var body = await content.ReadAsByteArrayAsync(cancellationToken);
        try
        {
            return await AnswerBody.DecodeAsync(body, content, MaxAnswer, cancellationToken);
        }
        catch (AnswerException)
        {
            return body;
        }
    }

    private string Shown(byte[] body)
    {
        var head = body.AsSpan(0, Math.Min(body.Length, maxShown));
        var text = string.Concat(Encoding.UTF8.GetString(head).Select(one => char.IsControl(one) && one is not ('\n' or '\t') ? '.' : one));
        return body.Length > maxShown ? $"{text}... ({body.Length} bytes)" : text;
    }
}
