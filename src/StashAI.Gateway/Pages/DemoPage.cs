using System.Collections.Frozen;
using StashAI.Gateway.Access;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Pages;

/// <summary>
/// `GET /demo`: the client sample of the product's document, as it stands there, with a small page around it. All of it is part of the
/// program, and the page can load from and talk to this server alone.
/// </summary>
internal static class DemoPage
{
    private static readonly string[] FileNames = ["demo.css", "demo.js", "key.js", "queue-monitor.js", "icon.svg"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var page = PageAsset.Find("demo/demo.html")!;
        var files = FileNames.ToFrozenDictionary(name => name, name => PageAsset.Find("demo/" + name)!);
        routes.MapGet("/demo", context =>
        {
            // Some browsers do not take the page's own host for a WebSocket's.
            var host = context.Request.Host;
            context.Response.Headers.ContentSecurityPolicy =
                "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; script-src 'self'; style-src 'self'; "
                + $"img-src 'self' data: blob:; connect-src 'self' ws://{host} wss://{host}";
            context.Response.Headers["Referrer-Policy"] = "no-referrer";
            return page.WriteAsync(context);
        }).Describe(PageDocs.Demo).NeedsNothing();
        routes.MapGet("/demo/{file}", (HttpContext context, string file) => files.TryGetValue(file, out var asset)
            ? asset.WriteAsync(context)
            : throw RequestException.NotFound($"The demo has no file {file}."))
            .Describe(PageDocs.DemoFile).NeedsNothing();
    }
}
