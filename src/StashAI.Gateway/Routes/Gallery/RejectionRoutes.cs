using StashAI.Gateway.Access;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Upstreams.Gallery;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Links;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Routes.Gallery;

/// <summary><c>/api/people/{id}/rejections</c>: faces that are not of a person, as somebody said.</summary>
internal static class RejectionRoutes
{
    private const string Kind = "person";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/people/{id}/rejections", RejectAsync).Describe(GalleryDocs.Reject).Needs(ApiScope.Operate);
        routes.MapGet("/api/people/{id}/rejections", ListAsync).Describe(GalleryDocs.Rejections).Needs(ApiScope.Read);
        routes.MapDelete("/api/people/{id}/rejections/{rejection}", DeleteAsync).Describe(GalleryDocs.DeleteRejection)
            .Needs(ApiScope.Operate);
    }

    private static async Task RejectAsync(
        HttpContext context, GalleryClient gallery, BodyReader bodies, IntakeLimits limits, ResultFaces results, PublicUrl publicUrl,
        AuditLog audit, string id)
    {
        var key = GalleryRoutes.IdOf(id);
        if (!await BodyReader.HasBodyAsync(context)) throw RequestException.Missing("faces", "Send the faces that are not of the person.");
        var faces = new FaceList(context, results, limits);
        GalleryRejections? rejected = null;
        await bodies.ReadAsync(context, async cancellationToken =>
        {
            await BodyType.RequireJsonAsync(context.Request, [], cancellationToken);
            using var body = new StreamedContent(AnswerDoc.Json, null, faces.WriteAsync);
            rejected = await gallery.RejectAsync(key, body, cancellationToken);
        });
        if (rejected is null) return;
        var judged = await results.JudgeAsync(faces.Named, context.KeyName());
        // The name is not kept: deleting a person is a right that people have.
        await audit.WriteAsync(context, "reject", Kind, key, new { faces = rejected.Rejections.Count, results = judged?.Total });
        var address = publicUrl.Of(context.Request);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("data");
            foreach (var rejection in rejected.Rejections) GalleryJsonText.WriteRejection(json, rejection, address);
            json.WriteEndArray();
            if (judged is not null)
            {
                json.WritePropertyName("rematch");
                judged.Write(json);
            }

            json.WriteEndObject();
        });
    }

    private static async Task ListAsync(HttpContext context, GalleryClient gallery, PublicUrl publicUrl, string id)
    {
        var query = context.Request.Query;
        var limit = query.Number(ParameterDoc.Limit, 100);
        Guid? after = query.Text(ParameterDoc.Cursor) is not { } text ? null
            : Guid.TryParse(text, out var place) ? place
            : throw RequestException.Invalid(
                ParameterDoc.Cursor.Name, "it is not valid; use next of the page before, or leave it out for the first page.");
        var all = (await gallery.RejectionsAsync(GalleryRoutes.IdOf(id), context.RequestAborted)).Rejections;
        // The ids grow with time, so that a place stays one when its rejection is removed.
        var left = all.OrderBy(rejection => rejection.Id.ToString(), StringComparer.Ordinal)
            .Where(rejection => after is null || string.CompareOrdinal(rejection.Id.ToString(), after.ToString()) > 0).ToList();
        var page = left.Take(limit).ToList();
        var address = publicUrl.Of(context.Request);
        await WireJson.WriteAsync(
            context, StatusCodes.Status200OK,
            json => GalleryJsonText.WriteRejections(
                json, page, page.Count > 0 && left.Count > page.Count ? $"{page[^1].Id}" : null, all.Count, address));
    }

    private static async Task DeleteAsync(
        HttpContext context, GalleryClient gallery, ResultFaces results, AuditLog audit, string id, string rejection)
    {
        var key = GalleryRoutes.IdOf(id);
        if (!Guid.TryParse(rejection, out var rejected)) throw RequestException.NotFound($"There is no rejection {rejection}.");
        var removed = await gallery.DeleteRejectionAsync(key, rejected, context.RequestAborted);
        // The job may be gone by now; then there is nothing to judge.
        if (ResultFace.ReadSource(removed.Source) is { } named
            && (await results.FindAsync(named.Task, named.Face, CancellationToken.None)).Found is { } face)
        {
            await results.JudgeAsync([face], context.KeyName());
        }

        await audit.WriteAsync(context, "delete_rejection", Kind, key, new { rejection = rejected });
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
