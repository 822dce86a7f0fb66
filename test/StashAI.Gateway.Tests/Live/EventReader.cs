using System.Text.Json;

namespace StashAI.Gateway.Tests.Live;

/// <summary>Reads server-sent events as a browser does: lines, fields, a blank line that ends an event.</summary>
internal sealed class EventReader : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpResponseMessage response;
    private readonly StreamReader lines;

    private EventReader(HttpResponseMessage response, Stream body) => (this.response, lines) = (response, new StreamReader(body));

    public string? Retry { get; private set; }

    public string? ContentType => response.Content.Headers.ContentType?.ToString();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<EventReader> OpenAsync(HttpClient http, string path)
    {
        var response = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal(200, (int)response.StatusCode);
        return new EventReader(response, await response.Content.ReadAsStreamAsync(Cancellation));
    }

    /// <summary>The next event.</summary>
    public async Task<(string Name, JsonElement Data)> NextAsync()
    {
        string name = "message", data = "";
        while (true)
        {
            var line = await LineAsync() ?? throw new InvalidOperationException("The stream ended.");
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line[7..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                data += line[6..];
            }
            else if (line.StartsWith("retry: ", StringComparison.Ordinal))
            {
                Retry = line[7..];
            }
            else if (line.Length > 0)
            {
                Assert.StartsWith(":", line, StringComparison.Ordinal);
            }
            else if (data.Length > 0)
            {
                using var json = JsonDocument.Parse(data);
                Assert.Equal(name, json.RootElement.GetProperty("type").GetString());
                return (name, json.RootElement.Clone());
            }
        }
    }

    /// <summary>The next event of this name that is as wanted.</summary>
    public async Task<JsonElement> UntilAsync(string wanted, Func<JsonElement, bool> condition)
    {
        while (true)
        {
            var (name, data) = await NextAsync();
            if (name == wanted && condition(data)) return data;
        }
    }

    /// <summary>The next comment.</summary>
    public async Task<string> CommentAsync()
    {
        while (true)
        {
            var line = await LineAsync() ?? throw new InvalidOperationException("The stream ended.");
            if (line.StartsWith(':')) return line;
        }
    }

    /// <summary>True when nothing but the end comes.</summary>
    public async Task<bool> IsOverAsync()
    {
        while (true)
        {
            switch (await LineAsync())
            {
                case null:
                    return true;
                case { Length: > 0 } line when !line.StartsWith("retry", StringComparison.Ordinal) && line[0] != ':':
                    return false;
            }
        }
    }

    public void Dispose()
    {
        lines.Dispose();
        response.Dispose();
    }

    private async Task<string?> LineAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Patience);
        return await lines.ReadLineAsync(patience.Token);
    }
}
