using System.Text;
using StashAI.Adapters.Http;
using StashAI.Adapters.Http.Secrets;

namespace StashAI.Server.Cli.Services;

/// <summary>Shows the calls that it forwards, without secrets.</summary>
internal sealed class CallRecorder(HttpMessageHandler inner, TextWriter output, IReadOnlySet<string> secretHeaders, SecretMask mask)
    : DelegatingHandler(inner)
{
    private const int MaxShown = 2000;
    private const int MaxAnswer = 64 * 1024 * 1024;

    /// <summary>The body of the last successful answer, or null.</summary>
    public byte[]? Answer { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync($"> {request.Method} {mask.Hide($"{request.RequestUri}")}");
        if (request.Content is not null) await request.Content.LoadIntoBufferAsync(cancellationToken);
        // Raw values: typed ones would be formatted again.
        foreach (var (name, values) in request.Headers.NonValidated.Concat(request.Content?.Headers.NonValidated ?? default))
            await output.WriteLineAsync($"> {name}: {(secretHeaders.Contains(name) ? "(secret)" : mask.Hide(values.ToString()))}");
        if (request.Content is not null)
        {
            await output.WriteLineAsync($"> {mask.Hide(Shown(await request.Content.ReadAsByteArrayAsync(cancellationToken)))}");
        }

        var response = await base.SendAsync(request, cancellationToken);
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        var body = await DecodedAsync(response.Content, cancellationToken);
        await output.WriteLineAsync($"< {(int)response.StatusCode} {mask.Hide(response.ReasonPhrase ?? "")}");
        await output.WriteLineAsync($"< {mask.Hide(Shown(body)).Replace("\n", "\n< ", StringComparison.Ordinal)}");
        if (response.IsSuccessStatusCode) Answer = body;
        return response;
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

    private static string Shown(byte[] body)
    {
        var head = body.AsSpan(0, Math.Min(body.Length, MaxShown));
        var text = string.Concat(Encoding.UTF8.GetString(head).Select(one => char.IsControl(one) && one is not ('\n' or '\t') ? '.' : one));
        return body.Length > MaxShown ? $"{text}... ({body.Length} bytes)" : text;
    }
}
