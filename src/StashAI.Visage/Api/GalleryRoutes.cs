using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using StashAI.Visage.Api.Requests;
using StashAI.Visage.Api.Responses.People;
using StashAI.Visage.Gallery;
using StashAI.Visage.Hosting;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Api;

/// <summary>The people that are known.</summary>
internal sealed class GalleryRoutes(FaceGallery gallery, Enrolment enrolment, VisageOptions options)
{
    private const int DefaultPage = 100;
    private const int MaxPage = 1000;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/person_names", () => TypedResults.Json(new NamesResponse(gallery.Names()), VisageJson.Default.NamesResponse));
        var people = routes.MapGroup("/api/gallery/people");
        people.MapWork("", EnrolAsync);
        people.MapGet("", List);
        people.MapGet("/{id:guid}", Get);
        people.MapPatch("/{id:guid}", UpdateAsync);
        people.MapDelete("/{id:guid}", DeleteAsync);
        people.MapWork("/{id:guid}/photos", AddPhotosAsync);
        people.MapGet("/{id:guid}/picture", Picture);
        people.MapGet("/{id:guid}/faces", Faces);
        people.MapDelete("/{id:guid}/faces/{face:guid}", DeleteFaceAsync);
        people.MapPost("/{id:guid}/merge", MergeAsync);
    }

    private async Task<JsonHttpResult<PersonDto>> EnrolAsync(HttpContext context)
    {
        var request = await JsonBody.ReadAsync(context, options, VisageJson.Default.EnrolRequest);
        var details = PersonInput.Check(request.Name, request.Country, request.Image, request.PerformerUrl, isNew: true);
        // Known before the photos are looked at, so that the work is not for nothing.
        if (gallery.FindByName(details.Name!) is { } holder)
            throw NameTaken(holder);

        var (faces, shown) = await enrolment.ReadFacesAsync(request, context.RequestAborted);
        try
        {
            var person = await gallery.EnrolAsync(details, faces, context.RequestAborted);
            context.Response.Headers.Location = $"/api/gallery/people/{person.Id}";
            return Shape(person, context, StatusCodes.Status201Created, shown);
        }
        catch (NameTakenException taken)
        {
            throw NameTaken(taken.Holder);
        }
    }

    private async Task<JsonHttpResult<PersonDto>> AddPhotosAsync(Guid id, HttpContext context)
    {
        Known(id);
        var request = await JsonBody.ReadAsync(context, options, VisageJson.Default.EnrolRequest);
        var (faces, shown) = await enrolment.ReadFacesAsync(request, context.RequestAborted);
        var result = await gallery.AddFacesAsync(id, faces, context.RequestAborted) ?? throw Unknown(id);
        return Shape(result.Person, context, StatusCodes.Status200OK, shown);
    }

    private async Task<JsonHttpResult<PersonDto>> UpdateAsync(Guid id, HttpContext context)
    {
        Known(id);
        var request = await JsonBody.ReadAsync(context, options, VisageJson.Default.UpdatePersonRequest);
        var change = PersonInput.Check(request.Name, request.Country, request.Image, request.PerformerUrl, isNew: false);
        try
        {
            return Shape(await gallery.UpdateAsync(id, change, context.RequestAborted) ?? throw Unknown(id), context, StatusCodes.Status200OK);
        }
        catch (NameTakenException taken)
        {
            throw NameTaken(taken.Holder);
        }
    }

    private async Task<NoContent> DeleteAsync(Guid id, HttpContext context) =>
        await gallery.DeleteAsync(id, context.RequestAborted) ? TypedResults.NoContent() : throw Unknown(id);

    private async Task<NoContent> DeleteFaceAsync(Guid id, Guid face, HttpContext context)
    {
        Known(id);
        return await gallery.DeleteFaceAsync(id, face, context.RequestAborted)
            ? TypedResults.NoContent()
            : throw new RequestRefusedException(StatusCodes.Status404NotFound, $"The person {id} has no face {face}.");
    }

    private async Task<JsonHttpResult<PersonDto>> MergeAsync(Guid id, HttpContext context)
    {
        Known(id);
        var request = await JsonBody.ReadAsync(context, options, VisageJson.Default.MergeRequest);
        if (request.From is not { Count: > 0 } from)
            throw RequestRefusedException.BadRequest("from", "from is missing: the ids of the people whose faces are taken over.");
        if (from.Contains(id))
            throw RequestRefusedException.Unprocessable("from", "from holds the person itself.");

        var (person, unknown) = await gallery.MergeAsync(id, [.. from.Distinct()], context.RequestAborted);
        return Shape(person ?? throw Unknown(unknown!.Value), context, StatusCodes.Status200OK);
    }

    private JsonHttpResult<StoredFacesResponse> Faces(Guid id) => TypedResults.Json(
        new StoredFacesResponse([.. gallery.FacesOf(Known(id)).Select(face => new StoredFaceDto(face.Id, Math.Round(face.Quality, 3), face.CreatedAt))]),
        VisageJson.Default.StoredFacesResponse);

    private JsonHttpResult<PersonDto> Get(Guid id, HttpContext context) => Shape(Known(id), context, StatusCodes.Status200OK);

    private FileContentHttpResult Picture(Guid id) => gallery.PictureOf(Known(id)) is { } jpeg
        ? TypedResults.Bytes(jpeg, "image/jpeg")
        : throw new RequestRefusedException(StatusCodes.Status404NotFound, $"The person {id} has no picture.");

    private JsonHttpResult<PeoplePage> List(HttpContext context, string? limit, string? after, string? search)
    {
        var size = DefaultPage;
        if (limit is not null && (!int.TryParse(limit, out size) || size is < 1 or > MaxPage))
            throw RequestRefusedException.Unprocessable("limit", $"limit must be from 1 to {MaxPage}.");
        long cursor = 0;
        if (after is not null && !long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out cursor))
            throw RequestRefusedException.Unprocessable("after", "after must be the next_after of the page before.");

        var found = gallery.List(size + 1, cursor, search);
        var page = found.Take(size).ToList();
        var counts = gallery.CountFaces(page);
        return TypedResults.Json(
            new PeoplePage(
                [.. page.Select(person => FaceShapes.Person(person, counts.GetValueOrDefault(person.Key), context.Request))],
                gallery.PeopleCount,
                found.Count > size ? page[^1].Key.ToString(CultureInfo.InvariantCulture) : null),
            VisageJson.Default.PeoplePage);
    }

    private JsonHttpResult<PersonDto> Shape(Person person, HttpContext context, int status, IReadOnlyList<EnrolledFaceDto>? enrolled = null)
    {
        var faces = gallery.CountFaces([person]).GetValueOrDefault(person.Key);
        return TypedResults.Json(
            FaceShapes.Person(person, faces, context.Request) with { Enrolled = enrolled }, VisageJson.Default.PersonDto, statusCode: status);
    }

    private Person Known(Guid id) => gallery.Find(id) ?? throw Unknown(id);

    private static RequestRefusedException Unknown(Guid id) => new(StatusCodes.Status404NotFound, $"There is no person {id} in the gallery.");

    private static RequestRefusedException NameTaken(Person holder) => new(
        StatusCodes.Status409Conflict,
        $"'{holder.Name}' is in the gallery already ({holder.Id}). Add the photos to that person (POST /api/gallery/people/{holder.Id}/photos), or choose another name.")
    {
        Field = "name",
        PersonId = holder.Id,
    };
}
