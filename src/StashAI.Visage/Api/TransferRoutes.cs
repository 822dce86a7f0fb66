using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using StashAI.Visage.Api.Responses.People;
using StashAI.Visage.Gallery;
using StashAI.Visage.Hosting;

namespace StashAI.Visage.Api;

/// <summary>The whole gallery as one file: a line of JSON for each person. What is imported twice is there once.</summary>
internal sealed class TransferRoutes(FaceGallery gallery)
{
    private const int MaxLine = 32 << 20;
    private const int MaxSource = 1000;
    private const string LinesOfJson = "application/x-ndjson";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/gallery/export", (RequestDelegate)ExportAsync);
        routes.MapPost("/api/gallery/import", (Delegate)ImportAsync);
    }

    private async Task ExportAsync(HttpContext context)
    {
        context.Response.ContentType = LinesOfJson;
        long after = 0;
        while (gallery.List(limit: 1000, after, search: null) is { Count: > 0 } page)
        {
            foreach (var person in page)
            {
                await JsonSerializer.SerializeAsync(context.Response.Body, Exported(person), VisageJson.Default.ExportedPerson, context.RequestAborted);
                await context.Response.Body.WriteAsync("\n"u8.ToArray(), context.RequestAborted);
            }

            after = page[^1].Key;
        }
    }

    private async Task<JsonHttpResult<ImportResponse>> ImportAsync(HttpContext context)
    {
        if (context.Request.ContentType?.StartsWith(LinesOfJson, StringComparison.OrdinalIgnoreCase) != true)
            throw new RequestRefusedException(StatusCodes.Status415UnsupportedMediaType, $"Send the file of an export with the header Content-Type: {LinesOfJson}.");

        // Lines are taken one by one, so that the file may be of any size.
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        int number = 0, people = 0, faces = 0;
        await foreach (var line in BoundedLines.ReadAsync(context.Request.BodyReader, MaxLine, context.RequestAborted))
        {
            number++;
            if (line.Length <= 1)
                continue;
            var (isNew, added) = await ImportPersonAsync(Parse(line, number), number, context.RequestAborted);
            people += isNew ? 1 : 0;
            faces += added;
        }

        return TypedResults.Json(new ImportResponse(people, faces), VisageJson.Default.ImportResponse);
    }

    private async Task<(bool IsNew, int Added)> ImportPersonAsync(ExportedPerson line, int number, CancellationToken cancellationToken)
    {
        var field = $"line {number}";
        var details = Details(line, field);
        var faces = (line.Faces ?? []).Select(face => Face(face, field)).ToList();
        while (true)
        {
            if (gallery.FindByName(details.Name!) is not { } known)
            {
                try
                {
                    await gallery.EnrolAsync(details, faces, cancellationToken);
                    return (true, faces.Count);
                }
                catch (NameTakenException)
                {
                    // Somebody else enrolled the person in the meantime: the faces go there.
                }
            }
            else if (await gallery.AddFacesAsync(known.Id, faces, cancellationToken) is { } result)
            {
                return (false, result.Added);
            }
        }
    }

    private static GalleryFace Face(ExportedFace? face, string field)
    {
        var vector = EmbeddingText.Read(face?.Embedding) ?? throw Refused("a face has no usable embedding");
        if (face!.Image is { } jpeg && !Enrolment.IsFacePicture(jpeg))
            throw Refused("the image of a face is not the small JPEG of an export");
        if (face.Quality is not (>= 0 and < 100))
            throw Refused("the quality of a face must be from 0 to 100");
        if (face.Source is { Length: > MaxSource })
            throw Refused($"the source of a face is longer than {MaxSource} characters");
        return new(vector, face.Quality, face.Image, face.Source ?? Enrolment.SourceOf(vector));

        RequestRefusedException Refused(string reason) => RequestRefusedException.Unprocessable(field, $"{field}: {reason}. The lines before it are imported.");
    }

    private static PersonDetails Details(ExportedPerson line, string field)
    {
        try
        {
            return PersonInput.Check(line.Name, line.Country, line.Image, line.PerformerUrl, isNew: true);
        }
        catch (RequestRefusedException refused)
        {
            throw new RequestRefusedException(refused.Status, $"{field}: {refused.Message} The lines before it are imported.") { Field = $"{field}: {refused.Field}" };
        }
    }

    private ExportedPerson Exported(Person person) => new()
    {
        Name = person.Name,
        Country = person.Country,
        Image = person.Image,
        PerformerUrl = person.PerformerUrl,
        Faces = [.. gallery.ExportFaces(person).Select(face => new ExportedFace(EmbeddingText.Write(face.Vector), face.Quality, face.Jpeg, face.Source))],
    };

    private static ExportedPerson Parse(byte[] line, int number)
    {
        try
        {
            return JsonSerializer.Deserialize(line, VisageJson.Default.ExportedPerson) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw RequestRefusedException.BadRequest($"line {number}", $"line {number} is no person of an export. The lines before it are imported.");
        }
    }
}
