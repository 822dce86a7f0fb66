using Microsoft.AspNetCore.Http.HttpResults;
using StashAI.Visage.Api.Responses.People;
using StashAI.Visage.Gallery;
using StashAI.Visage.Hosting;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Api;

/// <summary>The routes of the gallery: enrol, list, change, merge and delete people and their faces.</summary>
internal sealed class GalleryRoutes(FaceGallery gallery, Enrolment enrolment, VisageOptions options)
{
    private const int DefaultPage = 100;
    private const int MaxPage = 1000;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/person_names", (Delegate)NamesAsync);
        var people = routes.MapGroup("/api/gallery/people");
        people.MapWithAdmission("", EnrolAsync);
        people.MapGet("", ListAsync).WithMetadata(new QueryParameters("limit", "after", "search", "sort", "ids"));
        people.MapGet("/{id:guid}", GetAsync);
        people.MapPatch("/{id:guid}", UpdateAsync);
        people.MapDelete("/{id:guid}", DeleteAsync);
        people.MapWithAdmission("/{id:guid}/photos", AddPhotosAsync);
        people.MapGet("/{id:guid}/picture", PictureAsync).WithMetadata(QueryParameters.Free, new SignedPicture());
        people.MapGet("/{id:guid}/faces/{face:guid}/picture", FacePictureAsync);
        people.MapGet("/{id:guid}/faces", FacesAsync);
        people.MapDelete("/{id:guid}/faces/{face:guid}", DeleteFaceAsync).WithMetadata(new QueryParameters("with_person"));
        people.MapPost("/{id:guid}/merge", MergeAsync);
        people.MapPost("/{id:guid}/split", SplitAsync);
    }

    private async Task<JsonHttpResult<NamesResponse>> NamesAsync(HttpContext context) => TypedResults.Json(
        new NamesResponse((await gallery.CurrentAsync(context.RequestAborted)).Names()), VisageJson.Default.NamesResponse);

    private async Task<JsonHttpResult<PersonDto>> EnrolAsync(HttpContext context)
    {
        var request = await JsonBody.ReadAsync(context, options, VisageJson.Default.EnrolRequest);
        var details = PersonInput.Validate(request.Name, request.Country, request.Image, request.PerformerUrl, isNew: true);
        var people = await gallery.CurrentAsync(context.RequestAborted);
        var id = EnrolmentId.Of(context.Request);
        if (id is { } given && people.Find(given) is { } enrolled) return await AnswerAsync(enrolled, context, StatusCodes.Status200OK);
        // Check the name before analysing the photos, which is much more work.
        if (people.FindByName(details.Name!) is { } holder)
            throw NameTaken(holder);

        var (faces, shown) = await enrolment.ReadFacesAsync(request, context.RequestAborted);
        try
        {
            var person = await gallery.EnrolAsync(details, faces, id, context.RequestAborted);
            context.Response.Headers.Location = $"/api/gallery/people/{person.Id}";
            return await AnswerAsync(person, context, StatusCodes.Status201Created, shown);
        }
        catch (NameTakenException exception)
        {
            throw NameTaken(exception.Holder);
        }
    }

    private async Task<JsonHttpResult<PersonDto>> AddPhotosAsync(Guid id, HttpContext context)
    {
        await RequirePersonAsync(id, context);
        var request = await JsonBody.ReadAsync(context, options, VisageJson.Default.EnrolRequest);
        var (faces, shown) = await enrolment.ReadFacesAsync(request, context.RequestAborted);
        var result = await gallery.AddFacesAsync(id, faces, takesBack: true, context.RequestAborted) ?? throw PersonNotFound(id);
        return await AnswerAsync(result.Person, context, StatusCodes.Status200OK, shown);
    }

    private async Task<JsonHttpResult<PersonDto>> UpdateAsync(Guid id, HttpContext context)
    {
        await RequirePersonAsync(id, context);
        var request = await JsonBody.ReadAsync(context, options, VisageJson.Default.UpdatePersonRequest);
        var change = PersonInput.Validate(request.Name, request.Country, request.Image, request.PerformerUrl, isNew: false);
        try
        {
            return await AnswerAsync(
                await gallery.UpdateAsync(id, change, context.RequestAborted) ?? throw PersonNotFound(id),
                context,
                StatusCodes.Status200OK);
        }
        catch (NameTakenException exception)
        {
            throw NameTaken(exception.Holder);
        }
    }

    private async Task<NoContent> DeleteAsync(Guid id, HttpContext context) =>
        await gallery.DeleteAsync(id, context.RequestAborted) ? TypedResults.NoContent() : throw PersonNotFound(id);

    private async Task<NoContent> DeleteFaceAsync(Guid id, Guid face, HttpContext context)
    {
        await RequirePersonAsync(id, context);
        var withPerson = context.Request.Query["with_person"] == "true";
        return await gallery.DeleteFaceAsync(id, face, context.RequestAborted, withPerson)
            ? TypedResults.NoContent()
            : throw new RequestRefusedException(StatusCodes.Status404NotFound, $"The person {id} has no face {face}.");
    }

    private async Task<JsonHttpResult<PersonDto>> MergeAsync(Guid id, HttpContext context)
    {
        await RequirePersonAsync(id, context);
        var request = await JsonBody.ReadAsync(context, options, VisageJson.Default.MergeRequest);
        if (request.From is not { Count: > 0 } from)
        {
            throw RequestRefusedException.BadRequest(
                "from", "from is missing: send the ids of the people whose faces this person takes over.");
        }

        if (from.Contains(id))
            throw RequestRefusedException.Unprocessable("from", "from contains the id of the person itself: leave it out.");

        var (person, unknown) = await gallery.MergeAsync(id, [.. from.Distinct()], context.RequestAborted);
        return await AnswerAsync(person ?? throw PersonNotFound(unknown!.Value), context, StatusCodes.Status200OK);
    }

    private async Task<JsonHttpResult<SplitResponse>> SplitAsync(Guid id, HttpContext context)
    {
        await RequirePersonAsync(id, context);
        var request = await JsonBody.ReadAsync(context, options, VisageJson.Default.SplitRequest);
        if (request.Faces is not { Count: > 0 } faces)
            throw RequestRefusedException.BadRequest("faces", "faces is missing: send the ids of the faces that are of somebody else.");
        if (request.Into is not null == request.Name is not null)
        {
            throw RequestRefusedException.BadRequest(
                "into", "Send either into, the id of the person whose faces they are, or name, the name of a new person.");
        }

        if (request.Into == id)
            throw RequestRefusedException.Unprocessable("into", "into is the id of the person itself: send that of another one.");
        var name = request.Name is null ? null : PersonInput.Validate(request.Name, null, null, null, isNew: true).Name;
        try
        {
            var outcome = await gallery.SplitAsync(id, [.. faces.Distinct()], request.Into, name, context.RequestAborted);
            if (outcome.UnknownPerson is { } person)
            {
                throw person == id
                    ? PersonNotFound(id)
                    : RequestRefusedException.Unprocessable("into", $"The gallery has no person {person}.");
            }

            if (outcome.UnknownFace is { } face)
            {
                var index = faces.Index().First(one => one.Item == face).Index;
                throw RequestRefusedException.Unprocessable($"faces[{index}]", $"The person {id} has no face {face}.");
            }

            if (outcome.LeavesNone)
            {
                throw RequestRefusedException.Unprocessable(
                    "faces", "faces has all faces of the person: leave one out, or rename the person or merge it into the other one.");
            }

            return TypedResults.Json(
                new SplitResponse(await DtoOfAsync(outcome.From!, context), await DtoOfAsync(outcome.Into!, context)),
                VisageJson.Default.SplitResponse);
        }
        catch (NameTakenException exception)
        {
            throw NameTaken(exception.Holder);
        }
    }

    private async Task<PersonDto> DtoOfAsync(Person person, HttpContext context) => DtoMapping.Person(
        person, (await gallery.CountFacesAsync([person], context.RequestAborted)).GetValueOrDefault(person.Key), context.Request);

    private async Task<JsonHttpResult<StoredFacesResponse>> FacesAsync(Guid id, HttpContext context)
    {
        var faces = await gallery.FacesOfAsync(await RequirePersonAsync(id, context), context.RequestAborted);
        return TypedResults.Json(
            new StoredFacesResponse([.. faces.Select(face => new StoredFaceDto(face.Id, Math.Round(face.Quality, 3), face.CreatedAt))]),
            VisageJson.Default.StoredFacesResponse);
    }

    private async Task<JsonHttpResult<PersonDto>> GetAsync(Guid id, HttpContext context) =>
        await AnswerAsync(await RequirePersonAsync(id, context), context, StatusCodes.Status200OK);

    private async Task<FileContentHttpResult> PictureAsync(Guid id, HttpContext context) =>
        await gallery.PictureOfAsync(await RequirePersonAsync(id, context), context.RequestAborted) is { } jpeg
            ? TypedResults.Bytes(jpeg, "image/jpeg")
            : throw new RequestRefusedException(StatusCodes.Status404NotFound, $"The person {id} has no picture.");

    private async Task<FileContentHttpResult> FacePictureAsync(Guid id, Guid face, HttpContext context) =>
        await gallery.PictureOfAsync(await RequirePersonAsync(id, context), face, context.RequestAborted) is { } jpeg
            ? TypedResults.Bytes(jpeg, "image/jpeg")
            : throw new RequestRefusedException(StatusCodes.Status404NotFound, $"The person {id} has no face {face} with a picture.");

    private async Task<JsonHttpResult<PeoplePage>> ListAsync(
        HttpContext context, string? limit, string? after, string? search, string? sort, string? ids)
    {
        if (ids is not null) return await ListByIdsAsync(context, ids);
        var size = DefaultPage;
        if (limit is not null && (!int.TryParse(limit, out size) || size is < 1 or > MaxPage))
            throw RequestRefusedException.Unprocessable("limit", $"limit must be a whole number from 1 to {MaxPage}.");
        var order = sort is null ? PeopleOrder.Enrolment : PeopleOrder.Read(sort) ?? throw RequestRefusedException.Unprocessable(
            "sort", $"sort must be one of {string.Join(", ", PeopleOrder.Words)}, with a minus before it for the reverse.");
        var place = after is null ? null : order.ReadPlace(after) ?? throw RequestRefusedException.Unprocessable(
            "after", "after must be the next_after of the previous page of the same list.");

        var matching = (await gallery.CurrentAsync(context.RequestAborted)).Matching(search);
        var counts = order.NeedsFaces
            ? await gallery.CountFacesAsync(matching, context.RequestAborted)
            : new Dictionary<long, int>();
        var found = order.After(matching, counts, place).Take(size + 1).ToList();
        var page = found.Take(size).ToList();
        if (!order.NeedsFaces) counts = await gallery.CountFacesAsync(page, context.RequestAborted);
        return TypedResults.Json(
            new PeoplePage(
                [.. page.Select(person => DtoMapping.Person(person, counts.GetValueOrDefault(person.Key), context.Request))],
                matching.Count,
                found.Count > size ? order.PlaceOf(page[^1], counts) : null),
            VisageJson.Default.PeoplePage);
    }

    /// <summary>The people of these ids, of which unknown ones are left out.</summary>
    private async Task<JsonHttpResult<PeoplePage>> ListByIdsAsync(HttpContext context, string ids)
    {
        var known = await gallery.CurrentAsync(context.RequestAborted);
        var found = new List<Person>();
        foreach (var text in ids.Split(','))
        {
            if (!Guid.TryParse(text, out var id))
                throw RequestRefusedException.Unprocessable("ids", "ids must be ids of people, separated by commas.");
            if (known.Find(id) is { } person) found.Add(person);
        }

        var counts = await gallery.CountFacesAsync(found, context.RequestAborted);
        return TypedResults.Json(
            new PeoplePage(
                [.. found.Select(person => DtoMapping.Person(person, counts.GetValueOrDefault(person.Key), context.Request))],
                found.Count,
                null),
            VisageJson.Default.PeoplePage);
    }

    private async Task<JsonHttpResult<PersonDto>> AnswerAsync(
        Person person, HttpContext context, int status, IReadOnlyList<EnrolledFaceDto>? enrolled = null)
    {
        var faces = (await gallery.CountFacesAsync([person], context.RequestAborted)).GetValueOrDefault(person.Key);
        return TypedResults.Json(
            DtoMapping.Person(person, faces, context.Request) with { Enrolled = enrolled },
            VisageJson.Default.PersonDto,
            statusCode: status);
    }

    private async Task<Person> RequirePersonAsync(Guid id, HttpContext context) =>
        (await gallery.CurrentAsync(context.RequestAborted)).Find(id) ?? throw PersonNotFound(id);

    private static RequestRefusedException PersonNotFound(Guid id) =>
        new(StatusCodes.Status404NotFound, $"The gallery has no person {id}.");

    private static RequestRefusedException NameTaken(Person holder) => new(
        StatusCodes.Status409Conflict,
        $"'{holder.Name}' is already in the gallery ({holder.Id}). Add the photos to that person (POST "
        + $"/api/gallery/people/{holder.Id}/photos), or choose another name.")
    {
        Field = "name",
        PersonId = holder.Id,
    };
}
