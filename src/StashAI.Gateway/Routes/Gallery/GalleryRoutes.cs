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
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Routes.Gallery;

/// <summary><c>/api/people</c>: the people that the face service knows, and their faces.</summary>
internal static class GalleryRoutes
{
    private const string Kind = "person";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/people", ListAsync).Describe(GalleryDocs.List).Needs(ApiScope.Read);
        routes.MapPost("/api/people", EnrolAsync).Describe(GalleryDocs.Enrol).Needs(ApiScope.Submit);
        routes.MapGet("/api/people/{id}", ShowAsync).Describe(GalleryDocs.Show).Needs(ApiScope.Read);
        routes.MapPatch("/api/people/{id}", ChangeAsync).Describe(GalleryDocs.Change).Needs(ApiScope.Operate);
        routes.MapPost("/api/people/{id}/photos", AddPhotosAsync).Describe(GalleryDocs.AddPhotos).Needs(ApiScope.Submit);
        routes.MapGet("/api/people/{id}/photos", AlbumRoutes.PhotosAsync).Describe(AlbumDocs.Photos).Needs(ApiScope.Read);
        routes.MapGet("/api/people/{id}/together", AlbumRoutes.TogetherAsync).Describe(AlbumDocs.Together).Needs(ApiScope.Read);
        routes.MapPost("/api/people/{id}/merge", MergeAsync).Describe(GalleryDocs.Merge).Needs(ApiScope.Operate);
        routes.MapGet("/api/people/{id}/picture", PictureAsync).Describe(GalleryDocs.Picture).Needs(ApiScope.Read);
        routes.MapGet("/api/people/{id}/faces", FacesAsync).Describe(GalleryDocs.Faces).Needs(ApiScope.Read);
        routes.MapGet("/api/people/{id}/faces/{face}/picture", FacePictureAsync).Describe(GalleryDocs.FacePicture).Needs(ApiScope.Read);
        routes.MapDelete("/api/people/{id}/faces/{face}", DeleteFaceAsync).Describe(GalleryDocs.DeleteFace).Needs(ApiScope.Operate);
    }

    private static async Task ListAsync(HttpContext context, QueueEngine engine, GalleryClient gallery)
    {
        var query = context.Request.Query;
        if (query.Text(GalleryDocs.InJob) is { } job)
        {
            await AlbumRoutes.ListOfJobAsync(context, engine, gallery, job);
            return;
        }

        var page = await gallery.ListAsync(
            query.Number(ParameterDoc.Limit, 50), query.Text(ParameterDoc.Cursor), query.Text(GalleryDocs.Name),
            query.Text(GalleryDocs.Sort), context.RequestAborted);
        var links = await PictureLinks.ForAsync(context);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json => GalleryJsonText.WritePage(json, page, links));
    }

    private static async Task ShowAsync(HttpContext context, GalleryClient gallery, string id) =>
        await WriteAsync(context, StatusCodes.Status200OK, await gallery.ShowAsync(IdOf(id), context.RequestAborted));

    private static async Task EnrolAsync(
        HttpContext context, GalleryClient gallery, BodyReader bodies, IntakeLimits limits, ResultFaces results, AuditLog audit)
    {
        var faces = new FaceList(context, results, limits);
        if (await SendAsync(context, bodies, limits, faces, gallery.EnrolAsync) is not { } person) return;
        var judged = await results.JudgeAsync(faces.Named, context.KeyName());
        await audit.WriteAsync(
            context, "create", Kind, person.Id, new { name = person.Name, faces = person.Faces, results = judged?.Total });
        context.Response.Headers.Location = context.Request.PathBase.ToUriComponent() + $"/api/people/{person.Id}";
        await WriteAsync(context, StatusCodes.Status201Created, person, judged);
    }

    private static async Task AddPhotosAsync(
        HttpContext context, GalleryClient gallery, BodyReader bodies, IntakeLimits limits, ResultFaces results, AuditLog audit, string id)
    {
        var key = IdOf(id);
        var faces = new FaceList(context, results, limits);
        if (await SendAsync(context, bodies, limits, faces, (body, stop) => gallery.AddPhotosAsync(key, body, stop)) is not { } person)
            return;
        var judged = await results.JudgeAsync(faces.Named, context.KeyName());
        await audit.WriteAsync(context, "add_photos", Kind, key, new { name = person.Name, faces = person.Faces, results = judged?.Total });
        await WriteAsync(context, StatusCodes.Status200OK, person, judged);
    }

    private static async Task ChangeAsync(HttpContext context, GalleryClient gallery, BodyReader bodies, AuditLog audit, string id)
    {
        using var body = await ReadAsync(context, bodies);
        if (body is null) return;
        var before = await gallery.ShowAsync(IdOf(id), context.RequestAborted);
        using var content = JsonContentOf(body.Root);
        var person = await gallery.ChangeAsync(before.Id, content, context.RequestAborted);
        var members = body.Root.EnumerateObject().Select(member => member.Name).ToList();
        await audit.WriteAsync(context, "change", Kind, person.Id, new { name = person.Name, former_name = before.Name, members });
        await WriteAsync(context, StatusCodes.Status200OK, person);
    }

    private static async Task MergeAsync(
        HttpContext context, GalleryClient gallery, BodyReader bodies, SubjectResults results, AuditLog audit, string id)
    {
        var key = IdOf(id);
        using var body = await ReadAsync(context, bodies);
        if (body is null) return;
        using var content = JsonContentOf(body.Root);
        var person = await gallery.MergeAsync(key, content, context.RequestAborted);
        var from = body.Root.GetProperty("from").EnumerateArray().Select(one => one.ToString()).ToList();
        await audit.WriteAsync(context, "merge", Kind, key, new { name = person.Name, from });
        // Results name those who are gone, by their ids in the usual form.
        var gone = from.Select(one => Guid.TryParse(one, out var guid) ? guid.ToString() : one).Distinct();
        var judged = await results.JudgeAsync(gone, context.KeyName());
        await WriteAsync(context, StatusCodes.Status200OK, person, judged);
    }

    private static async Task FacesAsync(HttpContext context, GalleryClient gallery, PublicUrl publicUrl, string id)
    {
        var key = IdOf(id);
        var faces = await gallery.FacesAsync(key, context.RequestAborted);
        var address = publicUrl.Of(context.Request);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json => GalleryJsonText.WriteFaces(json, key, faces, address));
    }

    private static async Task DeleteFaceAsync(HttpContext context, GalleryClient gallery, AuditLog audit, string id, string face)
    {
        var key = IdOf(id);
        var withPerson = context.Request.Query.Flag(GalleryDocs.WithPerson, false);
        await gallery.DeleteFaceAsync(key, FaceOf(face), withPerson, context.RequestAborted);
        await audit.WriteAsync(context, "delete_face", Kind, key, withPerson ? new { face, with_person = true } : new { face });
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task PictureAsync(HttpContext context, GalleryClient gallery, string id) =>
        await FacePicture.WriteAsync(context, await gallery.PictureAsync(IdOf(id), null, context.RequestAborted));

    private static async Task FacePictureAsync(HttpContext context, GalleryClient gallery, string id, string face) =>
        await FacePicture.WriteAsync(context, await gallery.PictureAsync(IdOf(id), FaceOf(face), context.RequestAborted));

    /// <summary>Passes photos on while they arrive. Null when the server is stopping; then the refusal was sent.</summary>
    private static async Task<GalleryPerson?> SendAsync(
        HttpContext context, BodyReader bodies, IntakeLimits limits, FaceList faces,
        Func<HttpContent, CancellationToken, Task<GalleryPerson>> send)
    {
        if (!await BodyReader.HasBodyAsync(context)) throw RequestException.Missing("body", "Send a form or JSON with photos.");
        GalleryPerson? person = null;
        var form = EnrolmentForm.IsOne(context.Request) ? new EnrolmentForm(context.Request, limits) : null;
        await bodies.ReadAsync(context, async cancellationToken =>
        {
            using var body = await ContentOfAsync(context.Request, form, faces, cancellationToken);
            try
            {
                person = await send(body, cancellationToken);
            }
            catch (RequestException refused) when (form?.Named(refused) is { } named)
            {
                throw named;
            }
        });
        return person;
    }

    private static async Task<StreamedContent> ContentOfAsync(
        HttpRequest request, EnrolmentForm? form, FaceList faces, CancellationToken cancellationToken)
    {
        if (form is not null) return new(AnswerDoc.Json, null, form.WriteAsync);
        await BodyType.RequireJsonAsync(request, ["multipart/form-data"], cancellationToken);
        return new(AnswerDoc.Json, null, faces.WriteAsync);
    }

    private static async Task<Intake.Items.BodyEnvelope?> ReadAsync(HttpContext context, BodyReader bodies) =>
        await BodyReader.HasBodyAsync(context)
            ? await bodies.ReadAsync(context)
            : throw RequestException.Missing("body", "The body must be a JSON object.");

    public static ByteArrayContent JsonContentOf(System.Text.Json.JsonElement root)
    {
        var content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(root.GetRawText()));
        content.Headers.ContentType = new System.Net.Http.Headers.MediaTypeHeaderValue(AnswerDoc.Json);
        return content;
    }

    private static async Task WriteAsync(HttpContext context, int status, GalleryPerson person, JudgedResults? judged = null)
    {
        var links = await PictureLinks.ForAsync(context);
        await WireJson.WriteAsync(context, status, json => GalleryJsonText.Write(json, person, links, judged));
    }

    public static Guid IdOf(string id) =>
        Guid.TryParse(id, out var guid) ? guid : throw RequestException.NotFound($"There is no person {id}; GET /api/people lists them.");

    private static Guid FaceOf(string face) =>
        Guid.TryParse(face, out var guid) ? guid : throw RequestException.NotFound($"There is no face {face}.");
}
