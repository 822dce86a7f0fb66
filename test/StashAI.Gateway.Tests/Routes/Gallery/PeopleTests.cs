using System.Net;
using System.Text;
using System.Text.Json;
using StashAI.Testing.Files;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes.Gallery;

/// <summary>The gallery through the gateway: what it sends to the face service, and what it makes of the answers.</summary>
public sealed class PeopleTests
{
    private const string Ann = ScriptedGallery.Ann;
    private const string Face = ScriptedGallery.Face;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_call_has_the_secret_and_every_change_is_in_the_audit_log()
    {
        await using var gateway = await StartAsync();
        foreach (var (method, path, body) in new (HttpMethod, string, string?)[]
        {
            (HttpMethod.Get, "/api/people?name=an&sort=-faces&limit=2", null), (HttpMethod.Get, $"/api/people/{Ann}", null),
            (HttpMethod.Post, "/api/people", """{"name":"Ann","photos":["eA=="]}"""),
            (HttpMethod.Post, $"/api/people/{Ann}/photos", """{"photos":["eA=="]}"""),
            (HttpMethod.Patch, $"/api/people/{Ann}", """{"name":"Ann"}"""), (HttpMethod.Get, $"/api/people/{Ann}/faces", null),
            (HttpMethod.Get, $"/api/people/{Ann}/picture", null), (HttpMethod.Get, $"/api/people/{Ann}/faces/{Face}/picture", null),
            (HttpMethod.Post, $"/api/people/{Ann}/merge", $$"""{"from":["{{Face}}"]}"""),
            (HttpMethod.Post, $"/api/people/{Ann}/split", $$"""{"faces":["{{Face}}"],"name":"Bea"}"""),
            (HttpMethod.Delete, $"/api/people/{Ann}/faces/{Face}", null),
            (HttpMethod.Delete, $"/api/people/{Ann}/faces/{Face}?with_person=true", null), (HttpMethod.Delete, $"/api/people/{Ann}", null),
            (HttpMethod.Get, "/api/people/export", null), (HttpMethod.Post, "/api/people/import", "{}\n"),
        })
        {
            using var request = new HttpRequestMessage(method, path);
            if (body is not null)
            {
                request.Content = new StringContent(
                    body, Encoding.UTF8, path.EndsWith("import", StringComparison.Ordinal) ? "application/x-ndjson" : "application/json");
            }

            using var answer = await gateway.Http.SendAsync(request, Cancellation);
            Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {answer.StatusCode} {await TextAsync(answer)}");
        }

        var secret = (await File.ReadAllTextAsync(
            Path.Combine(Path.GetDirectoryName(gateway.DatabasePath)!, "visage", "visage.secret"), Cancellation)).Trim();
        Assert.All(gateway.Visage.Ledger.Calls, call => Assert.Equal(secret, call.Call!.Header("X-Visage-Secret")));
        Assert.Contains(
            gateway.Visage.Ledger.Calls, call => call.Call!.Path == "/api/gallery/people?limit=2&search=an&sort=-faces");
        Assert.Equal(
            ["", "?with_person=true"],
            gateway.Visage.Ledger.Calls.Select(call => call.Call!)
                .Where(call => call.Method == "DELETE" && call.Path.Contains($"/faces/{Face}", StringComparison.Ordinal))
                .Select(call => call.Path[call.Path.IndexOf(Face, StringComparison.Ordinal)..][Face.Length..]));
        var audit = (await gateway.GetAsync("/api/audit")).GetProperty("data").EnumerateArray()
            .Select(entry => entry.GetProperty("action").GetString()).Reverse();
        Assert.Equal(
            ["create", "add_photos", "change", "merge", "split", "take_faces", "delete_face", "delete_face", "delete", "export", "import"],
            audit);
    }

    [Fact]
    public async Task People_are_a_page_with_links_that_need_no_key()
    {
        await using var gateway = await StartAsync();

        var page = await gateway.GetAsync("/api/people");

        Assert.Equal(("after", 7), (page.Text("next"), page.Whole("total")));
        var image = page.GetProperty("data")[0].Text("image");
        Assert.StartsWith($"{gateway.Url}/api/visage/pictures/", image, StringComparison.Ordinal);
        Assert.Equal("jpeg", await gateway.Http.GetStringAsync(image, Cancellation));
        var faces = await gateway.GetAsync($"/api/people/{Ann}/faces");
        Assert.Equal("jpeg", await gateway.Http.GetStringAsync(faces.GetProperty("data")[0].Text("picture"), Cancellation));
    }

    [Fact]
    public async Task A_form_becomes_the_json_of_the_face_service()
    {
        await using var gateway = await StartAsync();
        var large = new byte[300_001];
        new Random(5).NextBytes(large);
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent("x"u8.ToArray()), "photos", "a.jpg" },
            { new StringContent("An\"n é"), "name" },
            { new ByteArrayContent(large), "anything", "b.jpg" },
        };

        using var answer = await gateway.Http.PostAsync("/api/people", form, Cancellation);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var sent = JsonSerializer.Deserialize<JsonElement>(gateway.Visage.Ledger.Calls[^1].Call!.Text);
        Assert.Equal("An\"n é", sent.Text("name"));
        Assert.Equal(
            ["x"u8.ToArray(), large], sent.GetProperty("photos").EnumerateArray().Select(photo => photo.GetBytesFromBase64()));
    }

    [Theory]
    [InlineData("nmae", "Ann", "nmae")]
    [InlineData("face", "{", "face")]
    public async Task A_form_that_is_wrong_is_refused_by_the_name_of_its_part(string name, string value, string field)
    {
        await using var gateway = await StartAsync();
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent("x"u8.ToArray()), "photos", "a.jpg" }, { new StringContent(value), name },
        };

        using var answer = await gateway.Http.PostAsync("/api/people", form, Cancellation);

        var text = await TextAsync(answer);
        Assert.True(answer.StatusCode == HttpStatusCode.UnprocessableEntity, text);
        Assert.Equal(field, JsonSerializer.Deserialize<JsonElement>(text).GetProperty("errors")[0].Text("field"));
    }

    [Fact]
    public async Task A_photo_of_a_form_is_refused_by_the_name_of_its_file()
    {
        await using var gateway = await StartAsync();
        (string Field, string Reason, string Name)[] refusals =
        [
            ("photos[0]", " is not a picture.", "a.jpg"), ("photos[1]", ": must be a picture.", "übung 2.jpg"),
            ("photos[10]", " is damaged.", "11.jpg"),
        ];
        foreach (var (field, reason, name) in refusals)
        {
            gateway.Visage.Script = _ => Reply.Status(
                422, $$"""{"detail":"{{field}}{{reason}}","field":"{{field}}"}""", contentType: "application/problem+json");
            var refused = await SendFilesAsync(gateway, "x");

            Assert.Equal($"{field} ({name}){reason}", refused.Text("detail"));
            Assert.Equal(field, refused.GetProperty("errors")[0].Text("field"));
            Assert.StartsWith(name, refused.GetProperty("errors")[0].Text("reason"), StringComparison.Ordinal);
        }

        // What the gateway refuses by itself.
        var empty = (await SendFilesAsync(gateway, "")).Text("detail");
        Assert.StartsWith("photos[0] (a.jpg): is an empty file", empty, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> SendFilesAsync(GatewayHost gateway, string content)
    {
        using var form = new MultipartFormDataContent { { new StringContent("Ann"), "name" } };
        string[] names = ["a.jpg", "übung 2.jpg", .. Enumerable.Range(3, 9).Select(i => $"{i}.jpg")];
        foreach (var name in names) form.Add(new StringContent(content), "file", name);
        using var answer = await gateway.Http.PostAsync("/api/people", form, Cancellation);
        var text = await TextAsync(answer);
        Assert.True(answer.StatusCode == HttpStatusCode.UnprocessableEntity, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    [Fact]
    public async Task Refusals_of_the_face_service_are_those_of_the_gateway()
    {
        await using var gateway = await StartAsync();
        gateway.Visage.Script = _ => Reply.Status(
            409, $$"""{"detail":"Taken (POST /api/gallery/people/{{Ann}}/photos).","field":"name","person_id":"{{Ann}}"}""",
            contentType: "application/problem+json");

        var taken = await gateway.PostAsync("/api/people", """{"name":"Ann"}""", 409);
        Assert.Equal(
            ($"Taken (POST /api/people/{Ann}/photos).", Ann, "name"),
            (taken.Text("detail"), taken.Text("person_id"), taken.GetProperty("errors")[0].Text("field")));

        gateway.Visage.Script = _ => Reply.Status(403, """{"detail":"The secret."}""", contentType: "application/problem+json");
        Assert.Equal("VISAGE_SECRET_FILE", (await gateway.GetAsync("/api/people", 503)).Text("setting"));
        gateway.Visage.Script = _ => Reply.Status(404);
        Assert.Contains("no gallery", (await gateway.GetAsync("/api/people", 503)).Text("detail"), StringComparison.Ordinal);
        gateway.Visage.Script = _ => Reply.Json("{}");
        Assert.Contains("no gallery", (await gateway.GetAsync("/api/people", 503)).Text("detail"), StringComparison.Ordinal);
        await gateway.Visage.GoDownAsync();
        Assert.Contains("cannot be reached", (await gateway.GetAsync("/api/people", 503)).Text("detail"), StringComparison.Ordinal);
        await gateway.GetAsync("/api/people/ann", 404);
    }

    [Fact]
    public async Task A_folder_of_people_is_enrolled_photo_by_photo_and_only_if_it_is_allowed()
    {
        using var folder = new TempFolder();
        foreach (var file in (string[])["Ann/1.jpg", "Ann/2.jpg", "Ann/notes.txt", "Bo/bad.jpg"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.File(file))!);
            await File.WriteAllTextAsync(folder.File(file), file, Cancellation);
        }

        await using var gateway = await StartAsync(new() { ["ALLOWED_FOLDERS"] = folder.Path });
        var known = gateway.Visage.Script;
        gateway.Visage.Script = call => call.Text.Contains("Bo", StringComparison.Ordinal)
            ? Reply.Status(422, """{"detail":"No face."}""", contentType: "application/problem+json")
            : known(call);

        using var body = new StringContent(
            JsonSerializer.Serialize(new { folder = folder.Path }), Encoding.UTF8, "application/json");
        using var answer = await gateway.Http.PostAsync("/api/people/import/folder", body, Cancellation);

        var lines = (await TextAsync(answer)).TrimEnd('\n').Split('\n').Select(line => JsonSerializer.Deserialize<JsonElement>(line));
        Assert.Equal(
            [("Ann", "Ann/1.jpg", Ann, null), ("Ann", "Ann/2.jpg", Ann, null), ("Bo", "Bo/bad.jpg", null, "No face.")],
            lines.Select(line => (
                line.Text("person"), line.Text("file"), line.GetProperty("person_id").GetString(),
                line.GetProperty("refusal").GetString())));
        Assert.Equal(
            ["/api/gallery/people", $"/api/gallery/people/{Ann}/photos", "/api/gallery/people"],
            gateway.Visage.Ledger.Calls.Select(call => call.Call!.Path));
        await gateway.PostAsync("/api/people/import/folder", """{"folder":"/"}""", 422);
    }

    private static async Task<GatewayHost> StartAsync(Dictionary<string, string?>? settings = null)
    {
        var gateway = await GatewayHost.StartAsync(settings);
        gateway.Visage.Script = call => ScriptedGallery.Answer(call, gateway.Visage.Url);
        return gateway;
    }

    private static Task<string> TextAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(Cancellation);
}
