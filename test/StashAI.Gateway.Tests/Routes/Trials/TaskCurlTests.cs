using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using StashAI.Gateway.Tests.Services;
using StashAI.Testing.Files;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes.Trials;

/// <summary>
/// <c>GET /api/tasks/{id}/curl</c>: a shell and curl run the command, and the service gets the same call as from the server.
/// CURL_ITEMS says how many items are generated for each service.
/// </summary>
public sealed partial class TaskCurlTests
{
    private const string Strange = """
        name: strange
        url: ${STRANGE_URL}
        headers:
          X-Api-Key: ${STRANGE_KEY}
          X-Plain: "it's \"quoted\" $HOME"
          X-Literal-Token: literal-secret-1
        config:
          token: {type: secret}
          note: {type: string, default: "a 'b' $c"}
        operations:
          nested:
            item: {type: object, properties: {text: {type: string, required: true}, n: {type: number, required: false}}}
            request: {path: "/n/{{ item.text | url_encode }}", json: {a: {b: ["{{ item.text }}", "{{ item.n }}"]}, t: "{{ config.token }}", note: "{{ config.note }}"}}
          form:
            item: string
            request: {path: /f, query: {q: "{{ item }}"}, form: {text: "{{ item }}", key: "${STRANGE_KEY}"}}
          text:
            item: string
            request: {path: /t, raw: {text: "{{ item }}", type: text/plain}}
          get:
            item: string
            request: {path: /g, method: GET, query: {q: "{{ item }}", key: "{{ config.token }}"}}
          files:
            item: {type: object, properties: {a: {type: file, required: true}, b: {type: file, required: false}, name: {type: string}}}
            request: {path: /m, json: {one: "{{ item.a | base64 }}", two: "{{ item.a | data_url }}", three: "{{ item.b | data_url }}", name: "{{ item.name }}"}}
        """;

    private static readonly string[] Texts =
    [
        "hello", "it's", "say \"hi\"", "a\\b", "$HOME ${X} `id` $(id)", "two\nlines\n", "\ttab ",
        "caf\u00e9 \u4f60 \ud83d\ude00", "'", "''", "@file",
        "-d", "%41 100% &a=b?#", "*** {{ x }} {% y %}", "\\n \\' \\\"", "!history", "end'", "'start", "[a-b]{c,d}", " ", "\r\n", "***",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static int Count =>
        int.TryParse(Environment.GetEnvironmentVariable("CURL_ITEMS"), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count
            : 8;

    [Fact]
    public async Task A_shell_sends_what_the_server_sent()
    {
        GatewayHost.SkipInDirectMode();
        Assert.SkipUnless(File.Exists("/usr/bin/curl") && File.Exists("/bin/sh"), "curl is not installed");
        await using var host = await StartAsync();
        var random = new Random(11);
        List<(string Path, Func<string> Item, string Config)> kinds =
        [
            ("/api/chat/job", () => Json(Text(random)), """{"system":"it's $HOME"}"""),
            ("/api/translation/job", () => Json(Text(random)), "{}"),
            ("/api/ocr/job", () => Json(Binary(random)), "{}"),
            ("/api/transcription/job", () => Json(Binary(random)), """{"prompt":"a 'b'"}"""),
            (
                "/api/strange/batch/nested", () => $$"""{"text":{{Json(Text(random))}},"n":{{random.Next()}}}""",
                """{"token":"job's $ecret!"}"""
            ),
            ("/api/strange/batch/form", () => Json(Text(random)), "{}"),
            ("/api/strange/batch/text", () => Json(Text(random)), "{}"),
            ("/api/strange/batch/get", () => Json(Text(random)), """{"token":"abcdefgh"}"""),
            ("/api/strange/batch/files", () => Files(random), "{}"),
        ];
        var faults = new List<string>();
        foreach (var (path, item, config) in kinds)
        {
            for (var i = 0; i < Count; i++) await CompareAsync(host, path, item(), config, faults);
        }

        Assert.True(faults.Count == 0, $"{faults.Count} commands differ:\n{string.Join("\n\n", faults.Take(8))}");
    }

    [Fact]
    public async Task A_photo_is_fetched_from_the_server_by_the_command()
    {
        GatewayHost.SkipInDirectMode();
        Assert.SkipUnless(File.Exists("/usr/bin/curl") && File.Exists("/bin/sh"), "curl is not installed");
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = _ => Reply.Json("{}");
        foreach (var photo in (string[])["a", "ab", "a photo", new string('x', 5000)])
        {
            var job = await gateway.EndOfAsync(await gateway.SubmitAsync(photo));
            var task = (await gateway.GetAsync($"/api/jobs/{job.Text("job_id")}/tasks")).GetProperty("data")[0].Text("id");
            var command = (await gateway.GetAsync($"/api/tasks/{task}/curl")).Text("command");
            var sent = gateway.Visage.Ledger.Calls[^1].Call!;

            await RunAsync(command, []);

            var again = gateway.Visage.Ledger.Calls[^1].Call!;
            Assert.NotEqual(sent.Number, again.Number);
            Assert.Equal((sent.Method, sent.Path, sent.Text), (again.Method, again.Path, again.Text));
        }
    }

    [Fact]
    public async Task No_secret_is_shown()
    {
        GatewayHost.SkipInDirectMode();
        await using var host = await StartAsync();
        host.Service.Script = _ => Reply.Json("{}");
        var job = (await host.RunAsync(
            "/api/strange/batch/nested", """{"items":[{"text":"x"}],"config":{"token":"job-secret-1"}}""")).Text("job_id");
        var task = (await host.Gateway.GetAsync($"/api/jobs/{job}/tasks")).GetProperty("data")[0].Text("id");

        var answer = await host.Gateway.GetAsync($"/api/tasks/{task}/curl");

        foreach (var secret in (string[])["server-secret-1", "literal-secret-1", "job-secret-1"])
            Assert.DoesNotContain(secret, answer.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(
            ["STRANGE_KEY", "STRANGE_TOKEN", "STRANGE_X_LITERAL_TOKEN"],
            answer.GetProperty("variables").EnumerateArray().Select(one => one.GetString()!));
        await host.Gateway.GetAsync($"/api/tasks/{Guid.CreateVersion7()}/curl", 404);
        await host.Gateway.GetAsync($"/api/tasks/{job}/curl", 404);
    }

    private static async Task<ServiceHost> StartAsync()
    {
        var host = await ServiceHost.StartAsync(
            Strange,
            new()
            {
                ["STRANGE_KEY"] = "server-secret-1",
                ["CHAT_API_KEY"] = "chat-secret-1",
                ["TRANSCRIPTION_API_KEY"] = "transcription-secret-1",
            },
            "STRANGE_URL");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(SourceTree.Folder, "services"), "*.yaml"))
        {
            // At the same service as the other.
            var text = Address().Replace(await File.ReadAllTextAsync(file, Cancellation), "url: ${STRANGE_URL}");
            await File.WriteAllTextAsync(host.Folder.File(Path.GetFileName(file)), text, Cancellation);
        }

        var reloader = (StashAI.Gateway.Upstreams.Services.ServiceReloader)host.Gateway.Services.GetService(
            typeof(StashAI.Gateway.Upstreams.Services.ServiceReloader))!;
        await reloader.ReloadAsync(Cancellation);
        return host;
    }

    private static async Task CompareAsync(ServiceHost host, string path, string item, string config, List<string> faults)
    {
        host.Service.Script = _ => Reply.Json("{}");
        var job = (await host.RunAsync(path, $$"""{"items":[{{item}}],"config":{{config}}}""")).Text("job_id");
        var task = (await host.Gateway.GetAsync($"/api/jobs/{job}/tasks")).GetProperty("data")[0].Text("id");
        var sent = host.Service.Ledger.Calls[^1].Call!;
        var answer = await host.Gateway.GetAsync($"/api/tasks/{task}/curl");
        var command = answer.Text("command");
        using var settings = JsonDocument.Parse(config);
        var error = await RunAsync(command, new()
        {
            ["STRANGE_KEY"] = "server-secret-1",
            ["STRANGE_X_LITERAL_TOKEN"] = "literal-secret-1",
            ["CHAT_API_KEY"] = "chat-secret-1",
            ["TRANSCRIPTION_API_KEY"] = "transcription-secret-1",
            ["STRANGE_TOKEN"] = settings.RootElement.TryGetProperty("token", out var token) ? token.GetString()! : "",
        });
        var again = host.Service.Ledger.Calls[^1].Call!;
        var (wanted, got) = (Shown(sent), Shown(again));
        if (again.Number != sent.Number && wanted == got) return;
        var other = again.Number == sent.Number ? "nothing" : got;
        faults.Add($"{path} {item}\n{command}\n{error}\nthe server sent\n{wanted}\nthe command sent\n{other}");
    }

    private static string Shown(ScriptedCall call)
    {
        var type = call.Header("Content-Type") ?? "";
        var boundary = Boundary().Match(type).Groups[1].Value;
        var body = Encoding.Latin1.GetString(call.Body.Span);
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{call.Method} {call.Path}\n");
        foreach (var name in (string[])["Content-Type", "Authorization", "X-Api-Key", "X-Plain", "X-Literal-Token"])
            text.Append(CultureInfo.InvariantCulture, $"{name}: {call.Header(name)}\n");
        text.Append(body);
        return boundary.Length == 0 ? text.ToString() : text.ToString().Replace(boundary, "BOUNDARY", StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(string command, Dictionary<string, string> variables)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.EndsWith("_proxy", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in variables) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Cancellation);
        var error = await process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        await output;
        return error;
    }

    private static string Text(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => Texts[random.Next(Texts.Length)]));

    /// <summary>Bytes of a file as base64, of all lengths, with and without a signature.</summary>
    private static string Binary(Random random)
    {
        var bytes = new byte[random.Next(1, 9000)];
        random.NextBytes(bytes);
        ReadOnlySpan<byte> png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];
        if (random.Next(2) == 0) png[..Math.Min(8, bytes.Length)].CopyTo(bytes);
        return Convert.ToBase64String(bytes);
    }

    private static string Files(Random random)
    {
        var (first, second) = (Binary(random), Binary(random));
        return $$"""{"a":"{{first}}","b":"data:image/png;base64,{{second}}","name":{{Json(Text(random))}}}""";
    }

    private static string Json(string text) => JsonSerializer.Serialize(text);

    [GeneratedRegex("boundary=\"?([^\";]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Boundary();

    [GeneratedRegex("(?m)^url: .*$", RegexOptions.CultureInvariant)]
    private static partial Regex Address();
}
