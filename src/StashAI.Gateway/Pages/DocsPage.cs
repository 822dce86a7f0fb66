using Scalar.AspNetCore;
using StashAI.Gateway.Access;
using StashAI.Gateway.Pages.OpenApi;

namespace StashAI.Gateway.Pages;

/// <summary>
/// <c>GET /docs</c>: the API's document for people. All files are part of the program, and its policy allows only this server.
/// </summary>
internal static class DocsPage
{
    private const string Policy =
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; script-src 'self' 'unsafe-inline'; "
        + "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        + "connect-src 'self'; worker-src 'self' blob:";

    /// <summary>As a data address, because the dashboard, whose icon it is, may be missing from a build.</summary>
    private static string Icon()
    {
        using var stream = typeof(DocsPage).Assembly.GetManifestResourceStream("icon.svg")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return $"data:image/svg+xml;base64,{Convert.ToBase64String(bytes)}";
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapScalarApiReference("/docs", options => options
            .WithTitle("API · StashAI Server")
            .WithOpenApiRoutePattern(OpenApiRoute.Path)
            .WithFavicon(Icon())
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .HideDeveloperTools()
            .HideClientButton())
        .AddEndpointFilter(async (invocation, next) =>
        {
            invocation.HttpContext.Response.Headers.ContentSecurityPolicy = Policy;
            invocation.HttpContext.Response.Headers["Referrer-Policy"] = "no-referrer";
            return await next(invocation);
        })
        .NeedsNothing();
}
