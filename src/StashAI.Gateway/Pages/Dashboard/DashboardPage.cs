using System.Net.Mime;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using StashAI.Gateway.Access;
using StashAI.Gateway.Routes.Health;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Links;
using StashAI.Gateway.Wire.Problems;
using StashAI.Hosting.Answers;
using StashAI.Hosting.Clients;

namespace StashAI.Gateway.Pages.Dashboard;

/// <summary>
/// The dashboard: one page for every address below <c>/dashboard</c>, whose script shows what the address names, and its files. It uses the
/// same API as any client.
/// </summary>
internal sealed class DashboardPage(DashboardFiles files, PublicUrl publicUrl, FirstAnswers answers) : IDashboard
{
    private readonly string template = files.Page ?? DashboardFiles.ReadMissingPage();

    public bool IsBuilt => files.Page is not null;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/dashboard/{**page}", (HttpContext context, IDashboard dashboard) => dashboard.WriteAsync(context))
            .Describe(DashboardDocs.Page).NeedsNothing();
        routes.MapGet("/dashboard/assets/{file}", (HttpContext context, string file, DashboardFiles files) =>
            files.Assets.TryGetValue(file, out var asset)
                ? asset.WriteAsync(context)
                : throw RequestException.NotFound($"The dashboard has no file {file}. Load the page again if the server was updated."))
            .Describe(DashboardDocs.File).NeedsNothing();
        routes.MapGet("/demo", LeadToFirstPage).Describe(DashboardDocs.FirstPage).NeedsNothing();
    }

    public bool IsWanted(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return Quality(MediaTypeNames.Text.Html) is > 0 and var html && html >= Quality(MediaTypeNames.Application.Json);

        double Quality(string type)
        {
            var named = accepted.FirstOrDefault(one => one.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase));
            return named is null ? 0 : named.Quality ?? 1;
        }
    }

    public async Task WriteAsync(HttpContext context)
    {
        if (IsBuilt) answers.Prepare();
        var here = context.PublicAddress();
        var page = template.Replace("{base}", HtmlEncoder.Default.Encode($"{here.Base.ToUriComponent()}/"), StringComparison.Ordinal);
        var bytes = Encoding.UTF8.GetBytes(page);
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8))}\"";
        var headers = context.Response.Headers;
        headers.ETag = tag;
        headers.CacheControl = "no-cache";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = Policy(context);
        headers["Referrer-Policy"] = "same-origin";
        if (EntityTags.IsKnown(context.Request, tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    /// <summary>Relative addresses hold below any path that a proxy publishes the server at.</summary>
    private static Task LeadToFirstPage(HttpContext context)
    {
        context.Response.Redirect(context.Request.Path.Value!.EndsWith('/') ? "../dashboard/begin" : "dashboard/begin");
        return Task.CompletedTask;
    }

    /// <summary>This server only; for some browsers <c>'self'</c> does not include WebSockets.</summary>
    private string Policy(HttpContext context)
    {
        var hosts = new[] { context.PublicAddress().Host, context.Request.Host }.Select(host => host.ToUriComponent()).Distinct();
        var sockets = string.Join(' ', hosts.SelectMany(host => (string[])[$"ws://{host}", $"wss://{host}"]));
        // Links to pictures begin with the configured address.
        var pictures = publicUrl.Configured is { } configured ? $" {new Uri(configured).GetLeftPart(UriPartial.Authority)}" : "";
        return "default-src 'none'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'; script-src 'self'; "
            + $"style-src 'self'{MissingStyle()}; img-src 'self' data: blob:{pictures}; media-src 'self' blob:; "
            + $"connect-src 'self' {sockets}";
    }

    /// <summary>The page of a server without a dashboard has no file for its style.</summary>
    private string MissingStyle()
    {
        if (IsBuilt) return "";
        var start = template.IndexOf("<style>", StringComparison.Ordinal) + "<style>".Length;
        var style = template[start..template.IndexOf("</style>", StringComparison.Ordinal)];
        return $" 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}'";
    }
}
