using System.CommandLine;
using System.Text.Json;
using StashAI.Server.Cli;
using StashAI.Testing.Files;

namespace StashAI.EndToEnd.Tests.Cli;

/// <summary>What every command prints with <c>--json</c> has the fields and types that the server's document gives them.</summary>
[Collection(nameof(CliServer))]
public sealed class JsonOutputTests(CliServer server)
{
    private const string Own = "own";

    /// <summary>An address that the server may call, where nothing listens.</summary>
    private const string Receiver = $"http://{CliServer.AllowedUpstream}/hook";

    /// <summary>
    /// Every command for work: its line, and the answer of the API that it prints, or the fields of a document of its own. In lines,
    /// JOB is a job with a failed item, FAILURE its group of failures, PHOTOS a job of a photo, and FACE a face on it.
    /// </summary>
    private static readonly Dictionary<string, (string Line, string Answer)> Commands = new()
    {
        ["submit"] = ("submit translation --text a", "post /api/{service}/batch 202"),
        ["batch run"] = ("batch run REQUESTS -o RESULTS", "get /v1/batches/{id} 200"),
        ["rematch"] = ("rematch PHOTOS", "get /api/jobs/{id}/rematch 200"),
        ["clusters"] = ("clusters PHOTOS", "get /api/jobs/{id}/clusters 200 data"),
        ["people name-group"] = ("people name-group JOB 1-0 Ann", "post /api/jobs/{id}/clusters/{group}/name 404"),
        ["rerun"] = ("rerun JOB", "post /api/jobs/{id}/rerun 202"),
        ["watch"] = ("watch JOB", "get /api/queue/jobs 200 jobs"),
        ["jobs"] = ("jobs", "get /api/jobs 200 data"),
        ["job"] = ("job JOB", "get /api/jobs/{id} 200"),
        ["tasks"] = ("tasks JOB", "get /api/jobs/{id}/tasks 200 data"),
        ["task"] = ("task JOB/0", "get /api/tasks/{id} 200"),
        ["failures"] = ("failures JOB", "get /api/jobs/{id}/failures 200 data"),
        ["results"] = ("results JOB", "get /api/jobs/{id}/results 200 data"),
        ["retry"] = ("retry JOB", "post /api/queue/retry/{id} 200"),
        ["cancel"] = ("cancel JOB", "post /api/queue/cancel/{id} 200"),
        ["delete"] = ("delete JOB", $"{Own} id:String deleted:True"),
        ["priority"] = ("priority 4 JOB", "patch /api/jobs/{id} 200"),
        ["pause"] = ("pause JOB", "post /api/queue/jobs/{id}/pause 200"),
        ["resume"] = ("resume JOB", "post /api/queue/jobs/{id}/resume 200"),
        ["bulk"] = ("bulk", "get /api/bulk 200 data"),
        ["services"] = ("services", "get /api/services 200 services"),
        ["limits"] = ("limits pictures --max-parallel 8", "patch /api/services/{name} 200"),
        ["audit"] = ("audit", "get /api/audit 200 data"),
        ["login"] = ("login", $"{Own} server:String version:String has_key:False name:String role:String"),
        ["me"] = ("me", "get /api/me 200"),
        ["costs"] = ("costs", "get /api/costs 200 data"),
        ["nodes"] = ("nodes", "get /api/nodes 200 data"),
        ["open"] = ("open JOB", $"{Own} url:String"),
        ["schedules"] = ("schedules", "get /api/schedules 200 data"),
        ["schedule create"] = ("schedule create nightly-2 translation --body BODY --cron @daily", "post /api/schedules 201"),
        ["schedule show"] = ("schedule show nightly", "get /api/schedules/{id} 200"),
        ["schedule change"] = ("schedule change nightly --overlap queue", "patch /api/schedules/{id} 200"),
        ["schedule run"] = ("schedule run nightly", "post /api/schedules/{id}/run 202"),
        ["schedule pause"] = ("schedule pause nightly", "patch /api/schedules/{id} 200"),
        ["schedule resume"] = ("schedule resume nightly", "patch /api/schedules/{id} 200"),
        ["schedule delete"] = ("schedule delete nightly", $"{Own} id:String deleted:True"),
        ["schedule runs"] = ("schedule runs nightly", "get /api/schedules/{id}/runs 200 data"),
        ["people list"] = ("people list", "get /api/people 200 data"),
        ["people photos"] = ("people photos Ann", "get /api/people/{id}/photos 200 data"),
        ["people together"] = ("people together Ann", "get /api/people/{id}/together 200 data"),
        ["people add"] = ("people add FOLDER", "post /api/people 201"),
        ["people rename"] = ("people rename Ann Bo", "patch /api/people/{id} 200"),
        ["people merge"] = ("people merge Ann 0199b5b2-0a9a-7c7d-8f3e-0c1d2e3f4a5c", "post /api/people/{id}/merge 200"),
        ["people delete"] = ("people delete Ann", "delete /api/people/{id} 202"),
        ["people confirm"] = ("people confirm Ann FACE", "post /api/people/{id}/photos 200"),
        ["people reject"] = ("people reject Ann FACE", "post /api/people/{id}/rejections 200"),
        ["people export"] = ("people export FOLDER/people.ndjson", $"{Own} file:String bytes:Number"),
        ["people import"] = ("people import FOLDER/Ann/a.jpg", "post /api/people/import 200"),
        ["webhooks list"] = ("webhooks list", "get /api/webhooks 200 data"),
        ["webhooks add"] = ($"webhooks add made {Receiver}", "post /api/webhooks 201"),
        ["webhooks remove"] = ("webhooks remove HOOK", $"{Own} id:String deleted:True"),
        ["webhooks enable"] = ("webhooks enable HOOK", "patch /api/webhooks/{id} 200"),
        ["webhooks disable"] = ("webhooks disable HOOK", "patch /api/webhooks/{id} 200"),
        ["webhooks rotate"] = ("webhooks rotate HOOK", "post /api/webhooks/{id}/rotate 200"),
        ["webhooks test"] = ("webhooks test HOOK", "post /api/webhooks/{id}/test 202"),
        ["webhooks deliveries"] = ("webhooks deliveries HOOK", "get /api/webhooks/{id}/deliveries 200 data"),
        ["webhooks replay"] = ("webhooks replay HOOK DELIVERY", "post /api/webhooks/{id}/deliveries/{delivery}/replay 202"),
        ["doctor"] = ("doctor", $"{Own} level:String check:String detail:String"),
    };

    public static TheoryData<string> Names => [.. Commands.Keys];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_command_for_work_is_checked() => Assert.Equal(
        new CommandTree(new CommandHandlers(TextWriter.Null), _ => null, []).Examples.Keys.Select(NameOf).Order(),
        Commands.Keys.Order());

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_a_command_prints_fits_the_document_of_the_api(string name)
    {
        var (line, answer) = Commands[name];
        using var http = new HttpClient { BaseAddress = new Uri(server.Url) };
        using var document = JsonDocument.Parse(await http.GetStringAsync("/openapi.json", Cancellation));
        var paths = document.RootElement.GetProperty("paths");
        var parts = answer.Split(' ');
        Assert.SkipUnless(parts[0] == Own || paths.TryGetProperty(parts[1], out _), $"The server has no {answer} yet.");
        var job = (await server.RunAsync("submit", "translation", "--text", "a", "--text", "bad b", "--wait")).Lines[0];
        if (name is "bulk" or "audit") await server.RunAsync("priority", "4", "--name", "nothing is called so", "--yes");

        using var files = new TempFolder();
        await File.WriteAllTextAsync(
            files.File("in.jsonl"),
            """{"custom_id":"a","method":"POST","url":"/services/translation/translate","body":"a"}""",
            Cancellation);
        line = line.Replace("REQUESTS", files.File("in.jsonl"), StringComparison.Ordinal)
            .Replace("RESULTS", files.File("out.jsonl"), StringComparison.Ordinal);

        line = line.Replace("nightly", await ScheduleAsync(name), StringComparison.Ordinal)
            .Replace("BODY", server.BodyFile, StringComparison.Ordinal);
        var (hook, delivery) = await WebhookAsync(name);
        line = line.Replace("HOOK", hook, StringComparison.Ordinal).Replace("DELIVERY", delivery, StringComparison.Ordinal);

        var isOfGallery = (name.StartsWith("people", StringComparison.Ordinal) && parts is not [_, _, "404"])
            || line.Contains("PHOTOS", StringComparison.Ordinal);
        await using var gallery = isOfGallery ? await PeopleServer.StartAsync() : null;
        var photos = gallery is null ? default : await gallery.RunAsync();
        line = line.Replace("JOB", job, StringComparison.Ordinal)
            .Replace("PHOTOS", photos.Job, StringComparison.Ordinal)
            .Replace("FOLDER", gallery?.PhotoFolder, StringComparison.Ordinal)
            .Replace("FACE", $"{photos.Task}/0", StringComparison.Ordinal);

        var run = await server.RunAsync(
            "", gallery is null ? [] : [("STASHAI_URL", gallery.Url)], [.. line.Split(' '), "--json"]);

        // No group here has a face that can be enrolled; AlbumClientTests and RealClusterTests name one.
        if (parts is [_, _, "404"])
        {
            Assert.Contains("never grouped", run.Error, StringComparison.Ordinal);
            return;
        }

        Assert.True(run.ExitCode is 0 or 5, run.Error);
        Assert.NotEqual("", run.Output);
        foreach (var text in run.Lines)
        {
            var value = JsonSerializer.Deserialize<JsonElement>(text);
            if (parts[0] == Own)
                Assert.Equal(parts[1..], value.EnumerateObject().Select(member => $"{member.Name}:{member.Value.ValueKind}"));
            else Assert.Equal([], Errors(SchemaOf(paths, parts), value, document.RootElement, "$"));
        }
    }

    /// <summary>For the commands about a schedule, one of their own that has run; its name.</summary>
    private async Task<string> ScheduleAsync(string command)
    {
        if (!command.StartsWith("schedule", StringComparison.Ordinal)) return "";
        await File.WriteAllTextAsync(server.BodyFile, """{"items":["a"]}""", Cancellation);
        var name = command.Replace(' ', '-');
        var created = await server.RunAsync("schedule", "create", name, "translation", "--body", server.BodyFile, "--cron", "0 0 1 1 *");
        Assert.True(created.ExitCode == 0, created.Error);
        await server.RunAsync("schedule", "run", name);
        return name;
    }

    /// <summary>For the commands about a webhook, one of their own; its name, and the id of a delivery.</summary>
    private async Task<(string Hook, string Delivery)> WebhookAsync(string command)
    {
        if (!command.StartsWith("webhooks", StringComparison.Ordinal)) return ("", "");
        var name = command.Replace(' ', '-');
        var created = await server.RunAsync("webhooks", "add", name, Receiver);
        Assert.True(created.ExitCode == 0, created.Error);
        var tested = await server.RunAsync("webhooks", "test", name, "--json");
        return (name, JsonSerializer.Deserialize<JsonElement>(tested.Output).GetProperty("id").GetString()!);
    }

    /// <summary>The words of a command.</summary>
    private static string NameOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent and not RootCommand
            ? $"{NameOf(parent)} {command.Name}"
            : command.Name;

    private static JsonElement SchemaOf(JsonElement paths, string[] answer)
    {
        var content = paths.GetProperty(answer[1]).GetProperty(answer[0]).GetProperty("responses").GetProperty(answer[2])
            .GetProperty("content");
        var schema = content.GetProperty("application/json").GetProperty("schema");
        if (answer.Length < 4) return schema;
        var root = schema;
        return JsonSerializer.SerializeToElement(new { page = root, list = answer[3] });
    }

    private static List<string> Errors(JsonElement schema, JsonElement value, JsonElement document, string at)
    {
        if (schema.TryGetProperty("page", out var page))
        {
            var list = schema.GetProperty("list").GetString()!;
            schema = Resolve(page, document).GetProperty("properties").GetProperty(list).GetProperty("items");
        }

        schema = Resolve(schema, document);
        foreach (var alternatives in (string[])["oneOf", "anyOf"])
        {
            if (schema.TryGetProperty(alternatives, out var forms))
                return forms.EnumerateArray().Any(form => Errors(form, value, document, at).Count == 0) ? [] : [$"{at} fits no form"];
        }

        var errors = new List<string>();
        if (schema.TryGetProperty("type", out var type) && !Types(type).Any(one => Fits(one, value))) errors.Add($"{at} is not {type}");
        if (schema.TryGetProperty("enum", out var words) && !words.EnumerateArray().Any(word => JsonElement.DeepEquals(word, value)))
            errors.Add($"{at} is not a word of the document: {value}");
        if (value.ValueKind == JsonValueKind.Object && schema.TryGetProperty("properties", out var properties))
        {
            foreach (var member in value.EnumerateObject())
            {
                if (properties.TryGetProperty(member.Name, out var form))
                    errors.AddRange(Errors(form, member.Value, document, $"{at}.{member.Name}"));
                else errors.Add($"{at}.{member.Name} is not in the document");
            }
        }

        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items))
            errors.AddRange(value.EnumerateArray().SelectMany((one, i) => Errors(items, one, document, $"{at}[{i}]")));
        return errors;
    }

    private static JsonElement Resolve(JsonElement schema, JsonElement document) => schema.TryGetProperty("$ref", out var reference)
        ? Resolve(
            document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]), document)
        : schema;

    private static IEnumerable<string> Types(JsonElement type) => type.ValueKind == JsonValueKind.Array
        ? type.EnumerateArray().Select(one => one.GetString()!) : [type.GetString()!];

    private static bool Fits(string type, JsonElement value) => type switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        "string" => value.ValueKind == JsonValueKind.String,
        "array" => value.ValueKind == JsonValueKind.Array,
        _ => value.ValueKind == JsonValueKind.Object,
    };
}
