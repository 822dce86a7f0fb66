using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using StashAI.Visage.Api.Requests;
using StashAI.Visage.Api.Responses.Comparisons;
using StashAI.Visage.Api.Responses.People;
using StashAI.Visage.Gallery;
using StashAI.Visage.Hosting;
using StashAI.Visage.Imaging;
using StashAI.Visage.Recognition;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Api;

/// <summary>People of the gallery, and faces of photos, against each other.</summary>
internal sealed class CompareRoutes(FaceGallery gallery, WorkGate gate, RecentPhotos photos, VisageOptions options)
{
    private const int MaxPairs = 40_000;
    private const int MaxResults = 1000;
    private const double DefaultTolerance = 1 - MatchConfidence.DefaultCosine;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapWork("/api/compare_faces", CompareAsync);
        routes.MapWork("/api/batch_compare_one_to_many", OneToManyAsync);
        routes.MapWork("/api/batch_compare_many_to_many", ManyToManyAsync);
        routes.MapWork("/api/predict_4", LookAlikesAsync);
    }

    private async Task<JsonHttpResult<ComparisonResponse>> CompareAsync(HttpContext context)
    {
        var request = await JsonBody.ReadAsync(context, options, VisageJson.Default.CompareRequest);
        var minCosine = MinCosine(request);
        var first = await SideAsync(1, request.Person1, request.Image1, request.Face1, request.Detail, context.RequestAborted);
        var second = await SideAsync(2, request.Person2, request.Image2, request.Face2, request.Detail, context.RequestAborted);
        return TypedResults.Json(
            new ComparisonResponse(ComparedSide.Compare(first, second, minCosine), Math.Round(Math.Clamp(minCosine, -1, 1), 4)),
            VisageJson.Default.ComparisonResponse);
    }

    private async Task<JsonHttpResult<ComparisonsResponse>> OneToManyAsync(HttpContext context)
    {
        var request = await JsonBody.ReadAsync(context, options, VisageJson.Default.OneToManyRequest);
        return await CompareAllAsync(
            [Known("target_person", request.TargetPerson)], People("comparison_people", request.ComparisonPeople), request.Tolerance, [], context.RequestAborted);
    }

    private async Task<JsonHttpResult<ComparisonsResponse>> ManyToManyAsync(HttpContext context)
    {
        var request = await JsonBody.ReadAsync(context, options, VisageJson.Default.ManyToManyRequest);
        var (first, unknown) = People("group1_people", request.Group1People);
        return await CompareAllAsync(first, People("group2_people", request.Group2People), request.Tolerance, unknown, context.RequestAborted);
    }

    private async Task<JsonHttpResult<LookAlikesResponse>> LookAlikesAsync(HttpContext context)
    {
        var request = await JsonBody.ReadAsync(context, options, VisageJson.Default.PositionalRequest);
        if (request.Data is not { Count: >= 1 } data || Text(data[0]) is not { } nameOrId)
        {
            throw RequestRefusedException.BadRequest(
                "data", "data must be [person, number of results, tolerance, arc weight, facenet weight]; all but the first may be left out.");
        }

        var person = Known("data[0]", nameOrId);
        var results = (int)Number(data, 1, 1, MaxResults, 10);
        var tolerance = Number(data, 2, 0, 2, DefaultTolerance);
        var alike = await gate.WorkAsync(_ => gallery.LookAlikes(person, results), context.RequestAborted);
        var found = alike.Select(match => new LookAlikeDto(
            match.Person.Id.ToString(), match.Person.Name, FaceShapes.PictureOf(match.Person, context.Request), ComparedSide.Similarity(match.Cosine), Distance(match.Cosine),
            ComparedSide.Similarity(match.Cosine), Percent(match.Cosine), 1 - match.Cosine <= tolerance));
        return TypedResults.Json(new LookAlikesResponse([[.. found]]), VisageJson.Default.LookAlikesResponse);
    }

    private async Task<JsonHttpResult<ComparisonsResponse>> CompareAllAsync(
        IReadOnlyList<Person> first,
        (IReadOnlyList<Person> People, IReadOnlyList<string> Unknown) second,
        double? tolerance,
        IReadOnlyList<string> unknown,
        CancellationToken cancellationToken)
    {
        if ((long)first.Count * second.People.Count > MaxPairs)
            throw new RequestRefusedException(StatusCodes.Status422UnprocessableEntity, $"These are more than {MaxPairs} pairs; ask for fewer people at a time.");

        var limit = Tolerance(tolerance);
        var compared = await gate.WorkAsync(_ => ComparePairs(first, second.People, limit, cancellationToken), cancellationToken);
        return TypedResults.Json(
            new ComparisonsResponse([.. compared.OrderByDescending(pair => pair.Similarity).ThenBy(pair => pair.Distance)], [.. unknown, .. second.Unknown]),
            VisageJson.Default.ComparisonsResponse);
    }

    private List<ComparisonDto> ComparePairs(IReadOnlyList<Person> first, IReadOnlyList<Person> second, double tolerance, CancellationToken cancellationToken)
    {
        var others = second.Select(person => ComparedSide.Of(person, gallery.VectorsOf(person))).ToList();
        var compared = new List<ComparisonDto>(first.Count * second.Count);
        foreach (var one in first)
        {
            var own = ComparedSide.Of(one, gallery.VectorsOf(one));
            foreach (var other in others)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (other.Person!.Key != one.Key)
                    compared.Add(ComparedSide.Compare(own, other, 1 - tolerance));
            }
        }

        return compared;
    }

    private async Task<ComparedSide> SideAsync(
        int number, string? nameOrId, PhotoInput? image, FaceChoice? choice, string? detail, CancellationToken cancellationToken)
    {
        var (person, field, face) = ($"person{number}", $"image{number}", $"face{number}");
        if (image is null)
        {
            if (nameOrId is null)
                throw RequestRefusedException.BadRequest(person, $"{person} is missing: the name or the id of a person in the gallery; or a photo in {field}.");
            if (choice is not null)
                throw RequestRefusedException.Unprocessable(face, $"{face} chooses a face of {field}, and there is none.");
            var known = Known(person, nameOrId);
            return ComparedSide.Of(known, gallery.VectorsOf(known));
        }

        if (nameOrId is not null)
            throw RequestRefusedException.Unprocessable(field, $"{field} and {person} are both there: send one of them.");
        try
        {
            var photo = await photos.AnalyseAsync(image.Image.Data, MatchSettings.DetailOf(detail), cancellationToken);
            return ComparedSide.Of(photo, FaceChooser.Chosen(photo, choice ?? image.Face, face));
        }
        catch (PhotoRefusedException refused)
        {
            throw VisageExceptions.Refused(refused, field, field);
        }
    }

    private static double MinCosine(CompareRequest request) => request switch
    {
        { Threshold: not null, Tolerance: not null } => throw RequestRefusedException.Unprocessable("threshold", "threshold and tolerance say the same: send one of them."),
        { Threshold: >= 0 and <= 1 } => MatchConfidence.ToCosine(request.Threshold.Value),
        { Threshold: not null } => throw RequestRefusedException.Unprocessable("threshold", "threshold must be a number from 0 to 1: the least confidence of a match."),
        _ => 1 - Tolerance(request.Tolerance),
    };

    private Person Known(string field, string? nameOrId)
    {
        if (string.IsNullOrWhiteSpace(nameOrId))
            throw RequestRefusedException.BadRequest(field, $"{field} is missing: the name or the id of a person in the gallery.");
        return Find(nameOrId)
            ?? throw new RequestRefusedException(StatusCodes.Status404NotFound, $"{field}: there is nobody called '{Shortened(nameOrId)}' in the gallery (GET /api/person_names lists all).")
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

    private static string Shortened(string text) => text.Length <= 100 ? text : text[..100] + "...";

    private static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair: valid JSON, and no text.
            return null;
        }
    }

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

    private static double Distance(float cosine) => Math.Round(1 - cosine, 4);

    private static int Percent(float cosine) => (int)Math.Round(100 * MatchConfidence.FromCosine(cosine));
}
