using System.Collections.Frozen;
using System.Net;
using StashAI.Gateway.Access;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Problems;
using StashAI.Hosting.Clients;

namespace StashAI.Gateway.Pages;

/// <summary>
/// <c>GET /demo</c>: the client sample of the product's document, unchanged, with a small page around it. All files are part of the
/// program, and the page can only load from and connect to this server.
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
            if (context.Request.Path.Value!.EndsWith('/'))
            {
                // The page's links are relative, so that they work below any path.
                context.Response.Redirect("../demo", permanent: true, preserveMethod: true);
                return Task.CompletedTask;
            }

            context.Response.Headers.ContentSecurityPolicy =
                "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; script-src 'self'; style-src 'self'; "
                + $"img-src 'self' data: blob:; connect-src {Reachable(context)}";
            context.Response.Headers["Referrer-Policy"] = "no-referrer";
            return page.WriteAsync(context);
        }).Describe(PageDocs.Demo).NeedsNothing();
        routes.MapGet("/demo/{file}", (HttpContext context, string file) => files.TryGetValue(file, out var asset)
            ? asset.WriteAsync(context)
            : throw RequestException.NotFound($"The demo has no file {file}."))
            .Describe(PageDocs.DemoFile).NeedsNothing();
    }

    /// <summary>
    /// The addresses that the page may call: this server. For some browsers, the page's own host does not include WebSockets. A sample that
    /// names localhost may also call this machine's server from 127.0.0.1, and the other way round.
    /// </summary>
    private static string Reachable(HttpContext context)
    {
        var (own, arrived) = (context.PublicAddress().Host, context.Request.Host);
        var hosts = new List<string> { own.ToUriComponent(), arrived.ToUriComponent() };
        if (IsThisMachine(arrived.Host))
        {
            foreach (var name in (string[])["localhost", "127.0.0.1"])
                hosts.Add(arrived.Port is { } port ? new HostString(name, port).ToUriComponent() : name);
        }

        return string.Join(
            ' ',
            hosts.Distinct().SelectMany(host => (string[])[$"ws://{host}", $"wss://{host}", $"http://{host}", $"https://{host}"])
                .Prepend("'self'"));
    }

    private static bool IsThisMachine(string host) => HostNames.Normalise(host) is var name
        && (HostNames.IsLocalhost(name) || (IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address)));
}
