using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using StashAI.Streams.Texts;
using StashAI.Visage.Api.Responses.People;
using StashAI.Visage.Gallery;
using StashAI.Visage.Hosting;

namespace StashAI.Visage.Api;

/// <summary>
/// Exports and imports the whole gallery as one file with a line of JSON for each person. Importing a file twice adds nothing the second
/// time.
/// </summary>
internal sealed class TransferRoutes(FaceGallery gallery)
{
    private const int MaxLineBytes = 32 << 20;
    private const int MaxSourceLength = 1000;
    private const string ContentType = "application/x-ndjson";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/gallery/export", (RequestDelegate)ExportAsync);
        routes.MapPost("/api/gallery/import", (Delegate)ImportAsync);
    }

    private async Task ExportAsync(HttpContext context)
    {
        context.Response.ContentType = ContentType;
        long after = 0;
        while ((await gallery.CurrentAsync(context.RequestAborted)).List(limit: 1000, after) is { Count: > 0 } page)
        {
            foreach (var person in page)
            {
                var faces = await gallery.ExportFacesAsync(person, context.RequestAborted);
                var rejections = await gallery.RejectionsOfAsync(person, context.RequestAborted);
                await JsonSerializer.SerializeAsync(
                    context.Response.Body, ToExport(person, faces, rejections), VisageJson.Default.ExportedPerson, context.RequestAborted);
                await context.Response.Body.WriteAsync("\n"u8.ToArray(), context.RequestAborted);
            }

            after = page[^1].Key;
        }
    }

    private async Task<JsonHttpResult<ImportResponse>> ImportAsync(HttpContext context)
    {
        if (context.Request.ContentType?.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase) != true)
        {
            throw new RequestRefusedException(
                StatusCodes.Status415UnsupportedMediaType, $"Send an exported file with the header Content-Type: {ContentType}.");
        }

        // Lines are imported one by one, so the file may have any size.
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        int number = 0, people = 0, faces = 0;
        await foreach (var line in BoundedLines.ReadAsync(context.Request.BodyReader, MaxLineBytes, context.RequestAborted))
        {
            number++;
            if (line.Length <= 1)
                continue;
            var exported = Parse(line, number);
            var rejections = (exported.Rejections ?? []).Select(rejection => ReadRejection(rejection, $"line {number}")).ToList();
            var (person, isNew, added) = await ImportPersonAsync(exported, number, context.RequestAborted);
            if (rejections.Count > 0) await gallery.RejectAsync(person, rejections, context.RequestAborted);
            people += isNew ? 1 : 0;
            faces += added;
        }

        return TypedResults.Json(new ImportResponse(people, faces), VisageJson.Default.ImportResponse);
    }

    private async Task<(Guid Person, bool IsNew, int Added)> ImportPersonAsync(
        ExportedPerson line, int number, CancellationToken cancellationToken)
    {
        var field = $"line {number}";
        var details = ReadDetails(line, field);
        var faces = (line.Faces ?? []).Select(face => ReadFace(face, field)).ToList();
        while (true)
        {
            if ((await gallery.CurrentAsync(cancellationToken)).FindByName(details.Name!) is not { } known)
            {
                try
                {
                    return ((await gallery.EnrolAsync(details, faces, cancellationToken)).Id, true, faces.Count);
                }
                catch (NameTakenException)
                {
                    // Another request has enrolled the person in the meantime: add the faces to that person.
                }
            }
            else if (await gallery.AddFacesAsync(known.Id, faces, takesBack: false, cancellationToken) is { } result)
            {
                return (known.Id, false, result.Added);
            }
        }
    }

    private static GalleryFace ReadFace(ExportedFace? face, string field)
    {
        var vector = EmbeddingText.Read(face?.Embedding) ?? throw Refused("the embedding of a face is not valid");
        if (face!.Image is { } jpeg && !Enrolment.IsFacePicture(jpeg))
            throw Refused("the image of a face is not a small JPEG as exports contain it");
        if (face.Quality is not (>= 0 and < 100))
            throw Refused("the quality of a face must be from 0 to 100");
        if (face.Source is not null && (Characters.CountOf(face.Source) > MaxSourceLength || !PersonInput.IsPrintable(face.Source)))
            throw Refused($"the source of a face must be at most {MaxSourceLength} printable characters");
        return new(vector, face.Quality, face.Image, face.Source ?? Enrolment.SourceOf(vector));

        RequestRefusedException Refused(string reason) =>
            RequestRefusedException.Unprocessable(field, $"{field}: {reason}. The lines before it were imported.");
    }

    private static (float[] Vector, string Source) ReadRejection(ExportedRejection? rejection, string field)
    {
        var vector = EmbeddingText.Read(rejection?.Embedding) ?? throw Refused("the embedding of a rejection is not valid");
        if (rejection!.Source is { } source && (Characters.CountOf(source) > MaxSourceLength || !PersonInput.IsPrintable(source)))
            throw Refused($"the source of a rejection must be at most {MaxSourceLength} printable characters");
        return (vector, rejection.Source ?? Enrolment.SourceOf(vector));

        RequestRefusedException Refused(string reason) =>
            RequestRefusedException.Unprocessable(field, $"{field}: {reason}. The lines before it were imported.");
    }

    private static PersonDetails ReadDetails(ExportedPerson line, string field)
    {
        try
        {
            return PersonInput.Validate(line.Name, line.Country, line.Image, line.PerformerUrl, isNew: true);
        }
        catch (RequestRefusedException exception)
        {
            throw new RequestRefusedException(exception.Status, $"{field}: {exception.Message} The lines before it were imported.")
            {
                Field = $"{field}: {exception.Field}",
            };
        }
    }

    private static ExportedPerson ToExport(
        Person person, IReadOnlyList<GalleryFace> faces, IReadOnlyList<Rejection> rejections) => new()
        {
            Name = person.Name,
            Country = person.Country,
            Image = person.Image,
            PerformerUrl = person.PerformerUrl,
            Faces = [.. faces.Select(face => new ExportedFace(EmbeddingText.Write(face.Vector), face.Quality, face.Jpeg, face.Source))],
            Rejections = rejections.Count == 0
            ? null
            : [.. rejections.Select(rejection => new ExportedRejection(EmbeddingText.Write(rejection.Vector), rejection.Source))],
        };

    private static ExportedPerson Parse(byte[] line, int number)
    {
        try
        {
            return JsonSerializer.Deserialize(line, VisageJson.Default.ExportedPerson) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw RequestRefusedException.BadRequest(
                $"line {number}", $"line {number} is not a person in the form of an export. The lines before it were imported.");
        }
    }
}
