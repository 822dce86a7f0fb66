using System.Text;

namespace StashAI.Server.Cli.Services;

/// <summary>Shows the calls that pass through it, without secrets.</summary>
internal sealed class CallRecorder(HttpMessageHandler inner, TextWriter output, IReadOnlySet<string> secretHeaders, IReadOnlyCollection<string> hidden) : DelegatingHandler(inner)
{
    private const int MaxShown = 2000;

    /// <summary>The body of the last success, or null.</summary>
    public byte[]? Answer { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync($"> {request.Method} {Hide($"{request.RequestUri}")}");
        if (request.Content is not null) await request.Content.LoadIntoBufferAsync(cancellationToken);
        // As they are sent: reading them as typed values would write them anew.
        foreach (var (name, values) in request.Headers.NonValidated.Concat(request.Content?.Headers.NonValidated ?? default))
            await output.WriteLineAsync($"> {name}: {(secretHeaders.Contains(name) ? "(secret)" : values.ToString())}");
        if (request.Content is not null) await output.WriteLineAsync($"> {Hide(Shown(await request.Content.ReadAsByteArrayAsync(cancellationToken)))}");
        var response = await base.SendAsync(request, cancellationToken);
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        await output.WriteLineAsync($"< {(int)response.StatusCode} {response.ReasonPhrase}");
        await output.WriteLineAsync($"< {Shown(body)}");
        if (response.IsSuccessStatusCode) Answer = body;
        return response;
    }

    private string Hide(string text) =>
        hidden.Where(value => value.Length > 0).SelectMany(value => (string[])[value, Uri.EscapeDataString(value)]).Aggregate(text, (shown, value) => shown.Replace(value, "(secret)", StringComparison.Ordinal));

    private static string Shown(byte[] body)
    {
        var head = body.AsSpan(0, Math.Min(body.Length, MaxShown));
        var text = string.Concat(Encoding.UTF8.GetString(head).Select(one => char.IsControl(one) && one is not ('\n' or '\t') ? '.' : one));
        return body.Length > MaxShown ? $"{text}... ({body.Length} bytes)" : text;
    }
}
