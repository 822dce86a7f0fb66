using System.Text.Json;
using StashAI.Gateway.Access;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Upstreams.Gallery;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Routes.Gallery;

/// <summary><c>POST /api/people/{id}/split</c>: some faces of a person are of somebody else.</summary>
internal static class SplitRoutes
{
    private const string Kind = "person";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/people/{id}/split", SplitAsync).Describe(GalleryDocs.Split).Needs(ApiScope.Operate);

    private static async Task SplitAsync(
        HttpContext context, GalleryClient gallery, BodyReader bodies, SubjectResults results, AuditLog audit, string id)
    {
        var key = GalleryRoutes.IdOf(id);
        if (!await BodyReader.HasBodyAsync(context)) throw RequestException.Missing("body", "The body must be a JSON object.");
        using var body = await bodies.ReadAsync(context);
        if (body is null) return;
        using var content = GalleryRoutes.JsonContentOf(body.Root);
        var (from, into) = await gallery.SplitAsync(key, content, context.RequestAborted);
        var faces = FacesOf(body.Root);
        // The names of both are noted, because an erasure finds them here.
        await audit.WriteAsync(context, "split", Kind, from.Id, new { name = from.Name, into = into.Id, into_name = into.Name, faces });
        await audit.WriteAsync(context, "take_faces", Kind, into.Id, new { name = into.Name, of = from.Id, faces });
        var judged = await results.JudgeAsync([from.Id.ToString()], context.KeyName());
        var links = await PictureLinks.ForAsync(context);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WritePropertyName("from");
            GalleryJsonText.Write(json, from, links);
            json.WritePropertyName("into");
            GalleryJsonText.Write(json, into, links);
            json.WritePropertyName("rematch");
            judged.Write(json);
            json.WriteEndObject();
        });
    }

    /// <summary>How many faces the request named, which the face service has accepted.</summary>
    private static int FacesOf(JsonElement root) =>
        root.GetProperty("faces").EnumerateArray().Select(one => one.ToString()).Distinct().Count();
}
