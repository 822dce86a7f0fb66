using Microsoft.AspNetCore.Http.HttpResults;
using StashAI.Streams.Texts;
using StashAI.Visage.Api.Requests;
using StashAI.Visage.Api.Responses.People;
using StashAI.Visage.Gallery;
using StashAI.Visage.Hosting;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Api;

/// <summary>The routes of rejections: faces that are not of a person, as somebody said.</summary>
internal sealed class RejectionRoutes(FaceGallery gallery, VisageOptions options)
{
    private const int MaxFaces = 1000;
    private const int MaxSource = 200;

    public void Map(IEndpointRouteBuilder routes)
    {
        var rejections = routes.MapGroup("/api/gallery/people/{id:guid}/rejections");
        rejections.MapWithAdmission("", RejectAsync);
        rejections.MapGet("", ListAsync);
        rejections.MapDelete("/{rejection:guid}", DeleteAsync);
    }

    private async Task<JsonHttpResult<RejectionsResponse>> RejectAsync(Guid id, HttpContext context)
    {
        await RequirePersonAsync(id, context);
        var request = await JsonBody.ReadAsync(context, options, VisageJson.Default.RejectRequest);
        if (request.Faces is not { Count: > 0 } sent)
            throw RequestRefusedException.BadRequest("faces", "faces is missing: send the faces that are not of the person.");
        if (sent.Count > MaxFaces)
            throw RequestRefusedException.Unprocessable("faces", $"faces has {sent.Count} faces; send at most {MaxFaces} at once.");
        var faces = sent.Select((face, i) => Read(face, $"faces[{i}]")).ToList();
        var stored = await gallery.RejectAsync(id, faces, context.RequestAborted) ?? throw PersonNotFound(id);
        return Answer(stored);
    }

    private async Task<JsonHttpResult<RejectionsResponse>> ListAsync(Guid id, HttpContext context) =>
        Answer(await gallery.RejectionsOfAsync(await RequirePersonAsync(id, context), context.RequestAborted));

    private async Task<JsonHttpResult<RejectionDto>> DeleteAsync(Guid id, Guid rejection, HttpContext context)
    {
        await RequirePersonAsync(id, context);
        var removed = await gallery.DeleteRejectionAsync(id, rejection, context.RequestAborted)
            ?? throw new RequestRefusedException(StatusCodes.Status404NotFound, $"The person {id} has no rejection {rejection}.");
        return TypedResults.Json(ToDto(removed), VisageJson.Default.RejectionDto);
    }

    private static (float[] Vector, string Source) Read(EnrolRequestFace? sent, string field)
    {
        var face = Enrolment.ReadFace(sent, field);
        if (sent!.Source is { } source && (Characters.CountOf(source) > MaxSource || !PersonInput.IsPrintable(source)))
        {
            throw RequestRefusedException.Unprocessable(
                $"{field}.source", $"{field}.source must be at most {MaxSource} printable characters.");
        }

        return (face.Vector, sent.Source ?? face.Source);
    }

    private static JsonHttpResult<RejectionsResponse> Answer(IReadOnlyList<Rejection> rejections) => TypedResults.Json(
        new RejectionsResponse([.. rejections.Select(ToDto)]), VisageJson.Default.RejectionsResponse);

    private static RejectionDto ToDto(Rejection rejection) => new(rejection.Id, rejection.Source, rejection.CreatedAt);

    private async Task<Person> RequirePersonAsync(Guid id, HttpContext context) =>
        (await gallery.CurrentAsync(context.RequestAborted)).Find(id) ?? throw PersonNotFound(id);

    private static RequestRefusedException PersonNotFound(Guid id) =>
        new(StatusCodes.Status404NotFound, $"The gallery has no person {id}.");
}
