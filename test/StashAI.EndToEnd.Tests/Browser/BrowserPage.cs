using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace StashAI.EndToEnd.Tests.Browser;

/// <summary>A page, and what it asked for and complained of. Requests are watched, never changed.</summary>
public sealed class BrowserPage : IAsyncDisposable
{
    private readonly IBrowserContext context;
    private readonly ConcurrentQueue<string> requests = new();
    private readonly ConcurrentQueue<string> complaints = new();

    internal BrowserPage(IBrowserContext context, IPage page)
    {
        (this.context, Page) = (context, page);
        page.Request += (_, request) => requests.Enqueue(request.Url);
        page.WebSocket += (_, socket) => requests.Enqueue(socket.Url);
        page.PageError += (_, error) => complaints.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") complaints.Enqueue(message.Text);
        };
    }

    public IPage Page { get; }

    /// <summary>The addresses of all requests and sockets, except those that stay in the page itself.</summary>
    public IReadOnlyList<Uri> Requests => [.. requests.Select(url => new Uri(url)).Where(url => url.Scheme is not ("data" or "blob"))];

    /// <summary>Errors of its scripts, and errors and warnings on its console.</summary>
    public IReadOnlyCollection<string> Complaints => complaints;

    /// <summary>Keeps a picture of the page where SCREENSHOTS names a folder.</summary>
    public async Task PictureAsync(string name, bool isWhole = true)
    {
        if (Environment.GetEnvironmentVariable("SCREENSHOTS") is { Length: > 0 } folder)
            await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png"), FullPage = isWhole });
    }

    public ValueTask DisposeAsync() => context.DisposeAsync();
}
