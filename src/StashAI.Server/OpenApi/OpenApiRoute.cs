using StashAI.Server.Api.Wire;

namespace StashAI.Server.OpenApi;

/// <summary>`GET /openapi.json`.</summary>
internal static class OpenApiRoute
{
    public const string Path = "/openapi.json";

    public static void Map(IEndpointRouteBuilder routes)
    {
        // Not before somebody asks, and when all routes are there.
        Lazy<byte[]>? document = null;
        routes.MapGet(Path, (HttpContext context, EndpointDataSource endpoints) =>
        {
            var made = document ??= new Lazy<byte[]>(() => System.Text.Encoding.UTF8.GetBytes(ApiDocument.Write(endpoints).ToJsonString()));
            context.Response.ContentType = WireJson.ContentType;
            return context.Response.Body.WriteAsync(made.Value, context.RequestAborted).AsTask();
        });
    }
}
