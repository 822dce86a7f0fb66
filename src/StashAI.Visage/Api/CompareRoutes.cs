using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using StashAI.Visage.Api.Requests;
using StashAI.Visage.Api.Responses;
using StashAI.Visage.Gallery;
using StashAI.Visage.Recognition;

namespace StashAI.Visage.Api;

/// <summary>People of the gallery against each other.</summary>
internal sealed class CompareRoutes(FaceGallery gallery, VisageOptions options)
{
    private const int MaxPairs = 40_000;
    private const int MaxResults = 1000;
    private const double DefaultTolerance = 1 - MatchConfidence.DefaultCosine;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/compare_faces", (Delegate)CompareAsync);
        routes.MapPost("/api/batch_compare_one_to_many", (Delegate)OneToManyAsync);
        routes.MapPost("/api/batch_compare_many_to_many", (Delegate)ManyToManyAsync);
        routes.MapPost("/api/predict_4", (Delegate)LookAlikesAsync);
    }

    private async Task<JsonHttpResult<ComparisonResponse>> CompareAsync(HttpContext context)
    {
        var request = await JsonBody.ReadAsync(context, options, VisageJson.Default.CompareRequest);
        var (first, second) = (Known("person1", request.Person1), Known("person2", request.Person2));
        return TypedResults.Json(new ComparisonResponse(Compare(first, second, Tolerance(request.Tolerance))), VisageJson.Default.ComparisonResponse);
    }

    private async Task<JsonHttpResult<ComparisonsResponse>> OneToManyAsync(HttpContext context)
    {
        var request = await JsonBody.ReadAsync(context, options, VisageJson.Default.OneToManyRequest);
        return CompareAll([Known("target_person", request.TargetPerson)], People("comparison_people", request.ComparisonPeople), request.Tolerance, []);
    }

    private async Task<JsonHttpResult<ComparisonsResponse>> ManyToManyAsync(HttpContext context)
    {
        var request = await JsonBody.ReadAsync(context, options, VisageJson.Default.ManyToManyRequest);
        var (first, unknown) = People("group1_people", request.Group1People);
        return CompareAll(first, People("group2_people", request.Group2People), request.Tolerance, unknown);
    }

    private async Task<JsonHttpResult<LookAlikesResponse>> LookAlikesAsync(HttpContext context)
    {
        var request = await JsonBody.ReadAsync(context, options, VisageJson.Default.PositionalRequest);
        if (request.Data is not { Count: >= 1 } data || data[0].ValueKind != JsonValueKind.String)
        {
            throw RequestRefusedException.BadRequest(
                "data", "data must be [person, number of results, tolerance, arc weight, facenet weight]; all but the first may be left out.");
        }

        var person = Known("data[0]", data[0].GetString());
        var results = (int)Number(data, 1, 1, MaxResults, 10);
        var tolerance = Number(data, 2, 0, 2, DefaultTolerance);
        var found = gallery.LookAlikes(person, results).Select(match => new LookAlikeDto(
            match.Person.Id.ToString(), match.Person.Name, FaceShapes.PictureOf(match.Person, context.Request), Similarity(match.Cosine), Distance(match.Cosine),
            Similarity(match.Cosine), Percent(match.Cosine), 1 - match.Cosine <= tolerance));
        return TypedResults.Json(new LookAlikesResponse([[.. found]]), VisageJson.Default.LookAlikesResponse);
    }

    private JsonHttpResult<ComparisonsResponse> CompareAll(
        IReadOnlyList<Person> first, (IReadOnlyList<Person> People, IReadOnlyList<string> Unknown) second, double? tolerance, IReadOnlyList<string> unknown)
    {
        if ((long)first.Count * second.People.Count > MaxPairs)
            throw new RequestRefusedException(StatusCodes.Status422UnprocessableEntity, $"These are more than {MaxPairs} pairs; ask for fewer people at a time.");

        var limit = Tolerance(tolerance);
        var compared = first.SelectMany(a => second.People.Where(b => b.Key != a.Key).Select(b => Compare(a, b, limit)));
        return TypedResults.Json(
            new ComparisonsResponse([.. compared.OrderByDescending(pair => pair.Similarity).ThenBy(pair => pair.Distance)], [.. unknown, .. second.Unknown]),
            VisageJson.Default.ComparisonsResponse);
    }

    private ComparisonDto Compare(Person first, Person second, double tolerance)
    {
        var cosine = gallery.Similarity(first, second) ?? -1;
        return new(first.Name, second.Name, Similarity(cosine), Distance(cosine), Similarity(cosine), Percent(cosine), 1 - cosine <= tolerance);
    }

    private Person Known(string field, string? nameOrId)
    {
        if (string.IsNullOrWhiteSpace(nameOrId))
            throw RequestRefusedException.BadRequest(field, $"{field} is missing: the name or the id of a person in the gallery.");
        return Find(nameOrId)
            ?? throw new RequestRefusedException(StatusCodes.Status404NotFound, $"{field}: there is nobody called '{nameOrId}' in the gallery (GET /api/person_names lists all).")
            {
                Field = field,
            };
    }

    private (IReadOnlyList<Person> People, IReadOnlyList<string> Unknown) People(string field, NameList? list)
    {
        if (list is not { Names.Count: > 0 })
            throw RequestRefusedException.BadRequest(field, $"{field} is missing: names with commas between, or a list of names.");

        var found = list.Names.Select(name => (Name: name, Person: Find(name))).ToList();
        return (
            [.. found.Select(entry => entry.Person).OfType<Person>().DistinctBy(person => person.Key)],
            [.. found.Where(entry => entry.Person is null).Select(entry => entry.Name).Distinct()]);
    }

    private Person? Find(string nameOrId) => gallery.FindByName(nameOrId) ?? (Guid.TryParse(nameOrId, out var id) ? gallery.Find(id) : null);

    private static double Tolerance(double? asked) => asked switch
    {
        null => DefaultTolerance,
        >= 0 and <= 2 => asked.Value,
        _ => throw RequestRefusedException.Unprocessable("tolerance", "tolerance must be from 0 to 2: the greatest distance (1 - cosine) of a match."),
    };

    private static double Number(IReadOnlyList<JsonElement> data, int at, double least, double most, double fallback)
    {
        if (data.Count <= at || data[at].ValueKind == JsonValueKind.Null)
            return fallback;
        return data[at].ValueKind == JsonValueKind.Number && data[at].TryGetDouble(out var value) && value >= least && value <= most
            ? value
            : throw RequestRefusedException.Unprocessable($"data[{at}]", $"data[{at}] must be a number from {least} to {most}.");
    }

    private static double Similarity(float cosine) => Math.Round(Math.Max(0, cosine), 4);

    private static double Distance(float cosine) => Math.Round(1 - cosine, 4);

    private static int Percent(float cosine) => (int)Math.Round(100 * MatchConfidence.FromCosine(cosine));
}
