using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using StashAI.Visage.Api.Requests;
using StashAI.Visage.Api.Responses.Comparisons;
using StashAI.Visage.Api.Responses.People;
using StashAI.Visage.Gallery;
using StashAI.Visage.Hosting;
using StashAI.Visage.Recognition;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Api;

/// <summary>Compares people of the gallery and faces of photos with each other.</summary>
internal sealed class CompareRoutes(FaceGallery gallery, WorkGate gate, RecentPhotos photos, VisageOptions options)
{
    private const int MaxPairs = 40_000;
    private const int MaxResults = 1000;
    private const double DefaultTolerance = 1 - MatchConfidence.DefaultCosine;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapWithAdmission("/api/compare_faces", CompareAsync);
        routes.MapWithAdmission("/api/batch_compare_one_to_many", OneToManyAsync);
        routes.MapWithAdmission("/api/batch_compare_many_to_many", ManyToManyAsync);
        routes.MapWithAdmission("/api/predict_4", LookAlikesAsync);
    }

    private async Task<JsonHttpResult<ComparisonResponse>> CompareAsync(HttpContext context)
    {
        var request = await JsonBody.ReadAsync(context, options, VisageJson.Default.CompareRequest);
        var minCosine = MinCosineOf(request);
        var people = await gallery.CurrentAsync(context.RequestAborted);
        var first = await ReadSideAsync(people, 1, request.Person1, request.Image1, request.Face1, request.Detail, context.RequestAborted);
        var second = await ReadSideAsync(people, 2, request.Person2, request.Image2, request.Face2, request.Detail, context.RequestAborted);
        return TypedResults.Json(
            new ComparisonResponse(ComparedSide.Compare(people, first, second, minCosine), Math.Round(Math.Clamp(minCosine, -1, 1), 4)),
            VisageJson.Default.ComparisonResponse);
    }

    private async Task<JsonHttpResult<ComparisonsResponse>> OneToManyAsync(HttpContext context)
    {
        var request = await JsonBody.ReadAsync(context, options, VisageJson.Default.OneToManyRequest);
        var people = await gallery.CurrentAsync(context.RequestAborted);
        return await CompareAllAsync(
            people, [RequirePerson(people, "target_person", request.TargetPerson)],
            FindPeople(people, "comparison_people", request.ComparisonPeople), request.Tolerance, [], context.RequestAborted);
    }

    private async Task<JsonHttpResult<ComparisonsResponse>> ManyToManyAsync(HttpContext context)
    {
        var request = await JsonBody.ReadAsync(context, options, VisageJson.Default.ManyToManyRequest);
        var people = await gallery.CurrentAsync(context.RequestAborted);
        var (first, unknown) = FindPeople(people, "group1_people", request.Group1People);
        return await CompareAllAsync(
            people, first, FindPeople(people, "group2_people", request.Group2People), request.Tolerance, unknown, context.RequestAborted);
    }

    private async Task<JsonHttpResult<LookAlikesResponse>> LookAlikesAsync(HttpContext context)
    {
        var request = await JsonBody.ReadAsync(context, options, VisageJson.Default.PositionalRequest);
        if (request.Data is not { Count: >= 1 } data || ReadText(data[0]) is not { } nameOrId)
        {
            throw RequestRefusedException.BadRequest(
                "data",
                "data must be [person, number of results, tolerance, arc weight, facenet weight]; all except the first may be left out.");
        }

        var people = await gallery.CurrentAsync(context.RequestAborted);
        var person = RequirePerson(people, "data[0]", nameOrId);
        var results = (int)ReadNumber(data, 1, 1, MaxResults, 10);
        var tolerance = ReadNumber(data, 2, 0, 2, DefaultTolerance);
        var matches = await gate.RunAsync(_ => people.LookAlikes(person, results), context.RequestAborted);
        var found = matches.Select(match => new LookAlikeDto(
            match.Person.Id.ToString(), match.Person.Name, DtoMapping.PictureOf(match.Person, context.Request),
            ComparedSide.Similarity(match.Cosine), Distance(match.Cosine), ComparedSide.Similarity(match.Cosine), Percent(match.Cosine),
            1 - match.Cosine <= tolerance));
        return TypedResults.Json(new LookAlikesResponse([[.. found]]), VisageJson.Default.LookAlikesResponse);
    }

    private async Task<JsonHttpResult<ComparisonsResponse>> CompareAllAsync(
        KnownPeople people,
        IReadOnlyList<Person> first,
        (IReadOnlyList<Person> People, IReadOnlyList<string> Unknown) second,
        double? tolerance,
        IReadOnlyList<string> unknown,
        CancellationToken cancellationToken)
    {
        if ((long)first.Count * second.People.Count > MaxPairs)
        {
            throw new RequestRefusedException(
                StatusCodes.Status422UnprocessableEntity, $"This would compare more than {MaxPairs} pairs; send fewer people at a time.");
        }

        var limit = CheckTolerance(tolerance);
        var compared = await gate.RunAsync(_ => ComparePairs(people, first, second.People, limit, cancellationToken), cancellationToken);
        return TypedResults.Json(
            new ComparisonsResponse(
                [.. compared.OrderByDescending(pair => pair.Similarity).ThenBy(pair => pair.Distance)], [.. unknown, .. second.Unknown]),
            VisageJson.Default.ComparisonsResponse);
    }

    private static List<ComparisonDto> ComparePairs(
        KnownPeople people, IReadOnlyList<Person> first, IReadOnlyList<Person> second, double tolerance,
        CancellationToken cancellationToken)
    {
        var others = second.Select(person => ComparedSide.Of(person, people.VectorsOf(person))).ToList();
        var compared = new List<ComparisonDto>(first.Count * second.Count);
        foreach (var person in first)
        {
            var side = ComparedSide.Of(person, people.VectorsOf(person));
            foreach (var other in others)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (other.Person!.Key != person.Key)
                    compared.Add(ComparedSide.Compare(people, side, other, 1 - tolerance));
            }
        }

        return compared;
    }

    private async Task<ComparedSide> ReadSideAsync(
        KnownPeople people, int number, string? nameOrId, PhotoInput? image, FaceChoice? choice, string? detail,
        CancellationToken cancellationToken)
    {
        var (person, field, face) = ($"person{number}", $"image{number}", $"face{number}");
        if (image is null)
        {
            if (nameOrId is null)
            {
                throw RequestRefusedException.BadRequest(
                    person, $"{person} is missing: send the name or the id of a person in the gallery, or a photo in {field}.");
            }

            if (choice is not null)
                throw RequestRefusedException.Unprocessable(face, $"{face} chooses a face of {field}, but {field} is missing.");
            var known = RequirePerson(people, person, nameOrId);
            return ComparedSide.Of(known, people.VectorsOf(known));
        }

        if (nameOrId is not null)
            throw RequestRefusedException.Unprocessable(field, $"{field} and {person} cannot be combined: send one of them.");
        var photo = await PhotoList.AnalyseAsync(
            field, photos.AnalyseAsync(image.Image.Data, MatchSettings.DetailOf(detail), cancellationToken));
        return ComparedSide.Of(photo, FaceChooser.FindChosen(photo, choice ?? image.Face, face));
    }

    private static double MinCosineOf(CompareRequest request) => request switch
    {
        { Threshold: not null, Tolerance: not null } =>
            throw RequestRefusedException.Unprocessable("threshold", "threshold and tolerance cannot be combined: send one of them."),
        { Threshold: { } threshold } => MatchSettings.CosineOf(threshold),
        _ => 1 - CheckTolerance(request.Tolerance),
    };

    private static Person RequirePerson(KnownPeople people, string field, string? nameOrId)
    {
        if (string.IsNullOrWhiteSpace(nameOrId))
            throw RequestRefusedException.BadRequest(field, $"{field} is missing: send the name or the id of a person in the gallery.");
        return Find(people, nameOrId)
            ?? throw new RequestRefusedException(
                StatusCodes.Status404NotFound,
                $"{field}: the gallery has no person '{Truncate(nameOrId)}' (GET /api/person_names lists all names).")
            {
                Field = field,
            };
    }

    private static (IReadOnlyList<Person> People, IReadOnlyList<string> Unknown) FindPeople(
        KnownPeople people, string field, NameList? list)
    {
        if (list is not { Names.Count: > 0 })
        {
            throw RequestRefusedException.BadRequest(
                field, $"{field} is missing: send a list of names, or one text of names separated by commas.");
        }

        var found = list.Names.Select(name => (Name: name, Person: Find(people, name))).ToList();
        return (
            [.. found.Select(entry => entry.Person).OfType<Person>().DistinctBy(person => person.Key)],
            [.. found.Where(entry => entry.Person is null).Select(entry => entry.Name).Distinct()]);
    }

    private static Person? Find(KnownPeople people, string nameOrId) =>
        people.FindByName(nameOrId) ?? (Guid.TryParse(nameOrId, out var id) ? people.Find(id) : null);

    private static string Truncate(string text) => text.Length <= 100 ? text : text[..(char.IsHighSurrogate(text[99]) ? 99 : 100)] + "...";

    private static string? ReadText(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair is valid JSON but not valid text.
            return null;
        }
    }

    private static double CheckTolerance(double? requested) => requested switch
    {
        null => DefaultTolerance,
        >= 0 and <= 2 => requested.Value,
        _ => throw RequestRefusedException.Unprocessable(
            "tolerance", "tolerance must be a number from 0 to 2: the largest distance (1 - cosine) of a match."),
    };

    private static double ReadNumber(IReadOnlyList<JsonElement> data, int index, double minimum, double maximum, double fallback)
    {
        if (data.Count <= index || data[index].ValueKind == JsonValueKind.Null)
            return fallback;
        return data[index].ValueKind == JsonValueKind.Number && data[index].TryGetDouble(out var value) && value >= minimum
            && value <= maximum
            ? value
            : throw RequestRefusedException.Unprocessable($"data[{index}]", $"data[{index}] must be a number from {minimum} to {maximum}.");
    }

    private static double Distance(float cosine) => Math.Round(1 - cosine, 4);

    private static int Percent(float cosine) => (int)Math.Round(100 * MatchConfidence.FromCosine(cosine));
}
