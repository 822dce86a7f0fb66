using System.Text;
using System.Text.Json.Nodes;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Json;

namespace StashAI.Gateway.Pages.OpenApi;

/// <summary>`GET /openapi.json`.</summary>
internal static class OpenApiRoute
{
    public const string Path = "/openapi.json";

    public static void Map(IEndpointRouteBuilder routes)
    {
        // Not before somebody asks, when all routes are there; and again when the services are others.
        Made? last = null;
        routes.MapGet(Path, (HttpContext context, EndpointDataSource endpoints, ServiceCatalog catalog) =>
        {
            var declared = catalog.Current.Declared;
            var server = context.Request.PathBase.HasValue ? context.Request.PathBase.ToUriComponent() : "/";
            if (last is not { } made || made.Declared != declared || made.Server != server)
            {
                var document = ApiDocument.Write(endpoints, [.. declared.Values]);
                document["servers"] = new JsonArray(new JsonObject { ["url"] = server });
                last = made = new Made(declared, server, Encoding.UTF8.GetBytes(document.ToJsonString()));
            }

            context.Response.ContentType = WireJson.ContentType;
            return context.Response.Body.WriteAsync(made.Document, context.RequestAborted).AsTask();
        });
    }

    private sealed record Made(object Declared, string Server, byte[] Document);
}
