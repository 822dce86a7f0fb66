using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using StashAI.Gateway.Access;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Links;
using StashAI.Hosting.Answers;

namespace StashAI.Gateway.Pages.OpenApi;

/// <summary><c>GET /openapi.json</c>.</summary>
internal static class OpenApiRoute
{
    public const string Path = "/openapi.json";

    /// <summary>A placeholder in the document for the server's address as seen by the client.</summary>
    public const string ServerMark = "urn:stashai:this-server";

    public static void Map(IEndpointRouteBuilder routes)
    {
        // Created at the first request, when all routes exist, and again when the services have changed.
        Made? last = null;
        routes.MapGet(Path, async (HttpContext context, ServiceCatalog catalog, PublicUrl publicUrl) =>
        {
            var declared = catalog.Current.Declared;
            if (last is not { } made || made.Declared != declared)
            {
                last = made = await MakeAsync(context.RequestServices, declared, context.RequestAborted);
            }

            await WriteAsync(context, made, publicUrl.Of(context.Request));
        }).Describe(new("openapi", Chapter.Server, "This document")
        {
            Answers = [AnswerDoc.File("application/openapi+json")],
            HasFreeQuery = FreeQuery.OfPages,
        }).NeedsNothing();
    }

    private static async Task<Made> MakeAsync(IServiceProvider services, object declared, CancellationToken cancellationToken)
    {
        var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(DocumentSetup.Name)
            .GetOpenApiDocumentAsync(cancellationToken);
        var text = Text(document);
        var at = text.IndexOf(ServerMark, StringComparison.Ordinal);
        return new Made(declared, Encoding.UTF8.GetBytes(text[..at]), Encoding.UTF8.GetBytes(text[(at + ServerMark.Length)..]));
    }

    private static string Text(OpenApiDocument document)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        document.SerializeAsV31(new OpenApiJsonWriter(text, new OpenApiJsonWriterSettings { Terse = true }));
        return text.ToString();
    }

    private static async Task WriteAsync(HttpContext context, Made made, string server)
    {
        byte[] document = [.. made.Head, .. JsonEncodedText.Encode(server).EncodedUtf8Bytes, .. made.Tail];
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(document).AsSpan(0, 8))}\"";
        context.Response.Headers.ETag = tag;
        context.Response.Headers.CacheControl = "no-cache";
        if (EntityTags.IsKnown(context.Request, tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = WireJson.ContentType;
        context.Response.ContentLength = document.Length;
        await context.Response.Body.WriteAsync(document, context.RequestAborted);
    }

    private sealed record Made(object Declared, byte[] Head, byte[] Tail);
}
