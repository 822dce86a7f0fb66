using System.Text.Json;
using StashAI.Gateway.Access;
using StashAI.Gateway.Routes.Declared;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Upstreams.Gallery;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Routes.Gallery;

/// <summary><c>/api/people/export</c> and <c>/api/people/import</c>: the whole gallery as one file, and people from a folder.</summary>
internal static class GalleryTransferRoutes
{
    public const string Lines = "application/x-ndjson";

    private const string Kind = "gallery";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/people/export", ExportAsync).Describe(GalleryDocs.Export).Needs(ApiScope.Operate);
        routes.MapPost("/api/people/import", ImportAsync).Describe(GalleryDocs.Import).Needs(ApiScope.Operate);
        routes.MapPost("/api/people/import/folder", ImportFolderAsync).Describe(GalleryDocs.ImportFolder).Needs(ApiScope.Operate);
    }

    private static async Task ExportAsync(HttpContext context, GalleryClient gallery, AuditLog audit)
    {
        using var answer = await gallery.ExportAsync(context.RequestAborted);
        await audit.WriteAsync(context, "export", Kind, null);
        context.Response.ContentType = Lines;
        context.Response.Headers.ContentDisposition = "attachment; filename=people.ndjson";
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            await using var lines = await answer.Content.ReadAsStreamAsync(context.RequestAborted);
            await lines.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException && context.Response.HasStarted)
        {
            // A file that ends early must not look complete.
            context.Abort();
        }
    }

    private static async Task ImportAsync(HttpContext context, GalleryClient gallery, BodyReader bodies, AuditLog audit)
    {
        if (BodyType.Of(context.Request) is not (Lines or "application/octet-stream"))
        {
            throw new RequestException(Problem.FromStatus(StatusCodes.Status415UnsupportedMediaType) with
            {
                Detail = $"Send an exported file with the header Content-Type: {Lines}.",
            });
        }

        GalleryImport? added = null;
        await bodies.ReadAsync(context, async cancellationToken =>
        {
            using var body = new StreamedContent(
                Lines, context.Request.ContentLength, (stream, stop) => context.Request.Body.CopyToAsync(stream, stop));
            added = await gallery.ImportAsync(body, cancellationToken);
        });
        if (added is null) return;
        await audit.WriteAsync(context, "import", Kind, null, new { people_added = added.PeopleAdded, faces_added = added.FacesAdded });
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("people_added", added.PeopleAdded);
            json.WriteNumber("faces_added", added.FacesAdded);
            json.WriteEndObject();
        });
    }

    private static async Task ImportFolderAsync(
        HttpContext context, PeopleFolder import, AllowedFolders allowed, BodyReader bodies, AuditLog audit)
    {
        if (!await BodyReader.HasBodyAsync(context)) throw RequestException.Missing("folder", "Send the path of a folder in folder.");
        using var body = await bodies.ReadAsync(context);
        if (body is null) return;
        var fields = JsonFields.Root(body.Root);
        fields.RefuseUnknown("folder");
        var named = fields.Text("folder") ?? throw RequestException.Missing("folder", "Send the path of a folder in folder.");
        var (folder, reason) = allowed.FindFolder(named);
        if (folder is null) throw fields.Invalid("folder", reason!);
        var people = PeopleFolder.PeopleOf(folder);
        if (people.Count == 0)
            throw fields.Invalid("folder", $"'{named}' contains no folders; create one for each person, named like the person.");
        await audit.WriteAsync(context, "import", Kind, null, new { folder = named, people = people.Count });
        context.Response.ContentType = Lines;
        try
        {
            await foreach (var photo in import.RunAsync(folder, people, context.RequestAborted))
            {
                await JsonSerializer.SerializeAsync(
                    context.Response.Body, photo, GalleryTextJson.Default.ImportedPhoto, context.RequestAborted);
                await context.Response.Body.WriteAsync("\n"u8.ToArray(), context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        }
        catch (RequestException) when (context.Response.HasStarted)
        {
            // The face service ended meanwhile: a list that ends early must not look complete.
            context.Abort();
        }
    }
}
