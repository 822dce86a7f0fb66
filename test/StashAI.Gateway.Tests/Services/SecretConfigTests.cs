using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using StashAI.Adapters.Http.Reading;
using StashAI.Gateway.Tests.Routes;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Secrets;
using StashAI.Testing.Files;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Services;

/// <summary>Secrets among the keys of a configuration: from the environment, or given by a job and never shown again.</summary>
public sealed class SecretConfigTests : IDisposable
{
    private const string Secret = "tok-12345678\"&+\u00e9";

    private const string Yaml = """
        name: echo
        url: ${ECHO_URL}
        config: {key: {type: secret, required: true, min_length: 4}, mode: {type: string, default: fast}}
        operations:
          go:
            item: string
            request: {path: /x, query: {key: "{{ config.key }}"}, json: {auth: "{{ config.key }}", q: "{{ item }}", mode: "{{ config.mode }}"}}
            pack: {max: 4, request: {path: /many, json: {auth: "{{ config.key }}", q: "{{ items }}"}}}
        """;

    private static readonly string Body =
        $$"""{"items":["a","b","bad"],"config":{"key":{{JsonSerializer.Serialize(Secret)}},"max_retries":1} }""";

    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_job_whose_items_run_again_keeps_its_secret_beside_what_differs()
    {
        await using var host = await ServiceHost.StartAsync(Yaml, []);
        var first = (await host.Gateway.PostAsync("/api/echo/job", Body, (int)GatewayHost.Taken)).Text("job_id");
        await host.Gateway.EndOfAsync(first);
        var before = host.Calls.Count;

        var again = await host.Gateway.PostAsync($"/api/jobs/{first}/rerun", """{"config":{"mode":"slow"}}""", (int)GatewayHost.Taken);
        var job = await host.Gateway.EndOfAsync(again.Text("job_id"));

        Assert.Equal(("***", "slow"), (job.GetProperty("job_config").Text("key"), job.GetProperty("job_config").Text("mode")));
        Assert.NotEqual(before, host.Calls.Count);
        Assert.All(host.Calls, call => Assert.Equal(Secret, JsonDocument.Parse(call.Text).RootElement.Text("auth")));
        await host.Gateway.PostAsync($"/api/jobs/{first}/rerun", """{"config":{"mood":"slow"}}""", 422);
        await host.Gateway.PostAsync($"/api/jobs/{first}/rerun", """{"config":{"key":null}}""", 422);
    }

    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public async Task A_secret_of_a_job_reaches_the_service_and_is_nowhere_else(string direct)
    {
        await using var host = await ServiceHost.StartAsync(Yaml, new() { ["DIRECT_MODE"] = direct });
        host.Service.Script = call => call.Text.Contains("bad", StringComparison.Ordinal)
            ? Reply.Status(500, JsonSerializer.Serialize(new Dictionary<string, string> { ["error"] = $"bad key {Secret} in {call.Path}" }))
            : Reply.Json(JsonSerializer.Serialize(new Dictionary<string, string> { ["you_sent"] = call.Text }));

        var answer = await host.Gateway.PostAsync("/api/echo/job", Body, direct == "true" ? 200 : 202);
        var id = answer.Text("job_id");
        var job = await host.Gateway.EndOfAsync(id);

        Assert.Equal("partial", job.Text("status"));
        Assert.Equal("***", job.GetProperty("job_config").Text("key"));
        Assert.Equal("fast", job.GetProperty("job_config").Text("mode"));
        Assert.All(host.Calls, call => Assert.Equal(Secret, JsonDocument.Parse(call.Text).RootElement.Text("auth")));
        Assert.True(host.Calls.Count(call => call.Text.Contains("bad", StringComparison.Ordinal)) >= 2);
        var task = job.GetProperty("tasks")[0].Text("task_id");
        var failed = job.GetProperty("tasks")[2].Text("task_id");
        var seen = new StringBuilder(answer.GetRawText());
        foreach (var path in (string[])
        [
            "/api/queue/jobs", $"/api/queue/job/{id}", $"/api/queue/status/{id}", "/api/queue/tasks", $"/api/queue/job/{id}/results",
            $"/api/queue/job/{id}/results?format=ndjson", $"/api/queue/task/{task}", $"/api/queue/task/{failed}",
            $"/api/queue/status/{failed}", $"/api/queue/job/{id}?inputs=full", "/api/services", "/api/services/echo",
            "/api/services/echo/schema", "/openapi.json",
        ])
        {
            using var response = await host.Gateway.Http.GetAsync(path, Cancellation);
            seen.AppendLine(path).AppendLine(await response.Content.ReadAsStringAsync(Cancellation));
        }

        Assert.DoesNotContain("tok-12345678", seen.ToString(), StringComparison.Ordinal);
        await host.Gateway.StopAsync();
        foreach (var file in ((string[])["", "-wal"]).Select(end => host.Gateway.DatabasePath + end).Where(File.Exists))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes, Cancellation);
            Assert.True(bytes.ToArray().AsSpan().IndexOf("tok-12345678"u8) < 0, file);
        }
    }

    [Fact]
    public async Task A_secret_that_does_not_fit_or_is_missing_is_refused_without_being_repeated()
    {
        await using var host = await ServiceHost.StartAsync(Yaml);

        foreach (var config in (string[])["""{"key":"tok"}""", """{"key":["tok-12345678"]}""", "{}", """{"key":null}"""])
        {
            var problem = await host.Gateway.PostAsync("/api/echo/job", $$"""{"items":["a"],"config":{{config}}}""", 422);
            Assert.Equal("config.key", problem.FirstError().Text("field"));
            Assert.DoesNotContain("tok", problem.GetRawText(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_secret_of_the_environment_is_not_a_jobs_to_give()
    {
        await using var host = await ServiceHost.StartAsync(
            Yaml.Replace("required: true, min_length: 4", "env: ECHO_KEY", StringComparison.Ordinal), new() { ["ECHO_KEY"] = Secret });
        host.Service.Script = call => Reply.Json("{}");

        var problem = await host.Gateway.PostAsync("/api/echo/job", Body, 422);
        Assert.Equal("config.key", problem.FirstError().Text("field"));
        Assert.Contains("ECHO_KEY", problem.Text("detail"), StringComparison.Ordinal);
        Assert.DoesNotContain("tok-", problem.GetRawText(), StringComparison.Ordinal);
        var job = await host.RunAsync("/api/echo/job", """{"items":["a"]}""");
        Assert.False(job.GetProperty("job_config").TryGetProperty("key", out _));
        Assert.Equal(Secret, JsonDocument.Parse(host.Calls[0].Text).RootElement.Text("auth"));
    }

    [Theory]
    [InlineData("config: {k: {type: secret, default: x}}", "item: string")]
    [InlineData("config: {k: {type: secret, enum: [x]}}", "item: string")]
    [InlineData("config: {k: {type: object, properties: {s: secret}}}", "item: string")]
    [InlineData("config: {k: {type: string, env: X}}", "item: string")]
    [InlineData("config: {k: {type: secret, env: 1-X}}", "item: string")]
    [InlineData("description: a", "item: secret")]
    [InlineData("description: a", "item: {type: object, properties: {s: secret}}")]
    [InlineData("credentials_for: [\"http://x:1\"]", "item: string")]
    [InlineData("credentials_for: [\"x\"]", "item: string")]
    [InlineData("credentials_for: [\"*:80\"]", "item: string")]
    public void A_secret_where_it_cannot_be_is_an_error_of_the_declaration(string line, string item) =>
        Assert.NotEmpty(
            DeclarationReader.Read($"name: a\nurl: http://x\n{line}\noperations:\n  go: {{{item}, request: {{path: /x}}}}").Errors);

    [Fact]
    public void A_sealed_secret_opens_with_its_key_for_its_service_alone()
    {
        var config = Encoding.UTF8.GetBytes($$"""{"key":{{JsonSerializer.Serialize(Secret)}},"n":1}""");
        var vault = Vault([]);
        var stored = vault.Seal("echo", config, ["key"]);

        Assert.Equal(Secret, Key(Vault([]).Decrypt("echo", stored, ["key"])));
        Assert.Equal("***", Key(SecretVault.Hide(stored)));
        Assert.NotEqual(stored, vault.Seal("echo", config, ["key"]));
        Assert.Throws<InvalidOperationException>(() => vault.Decrypt("other", stored, ["key"]));
        Assert.Contains(
            "SECRETS_KEY",
            Assert.Throws<InvalidOperationException>(
                () => Vault(new() { ["SECRETS_KEY"] = new string('x', 32) }).Decrypt("echo", stored, ["key"])).Message,
            StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File("secrets.key")));
        }
    }

    [Fact]
    public void Several_machines_need_a_key_of_their_own_setting()
    {
        var config = Encoding.UTF8.GetBytes("""{"key":"tok-12345678"}""");
        var refusal = Assert.Throws<RequestException>(() => Vault([], isShared: true).Seal("echo", config, ["key"]));
        Assert.Contains("SECRETS_KEY_FILE", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("tok-", refusal.Message, StringComparison.Ordinal);

        File.WriteAllText(folder.File("mounted"), new string('k', 40) + "\n");
        var stored = Vault(new() { ["SECRETS_KEY"] = new string('k', 40) }, isShared: true).Seal("echo", config, ["key"]);
        Assert.Equal(
            "tok-12345678",
            Key(Vault(new() { ["SECRETS_KEY_FILE"] = folder.File("mounted") }, isShared: true).Decrypt("echo", stored, ["key"])));
        Assert.DoesNotContain(
            "short",
            Assert.Throws<OptionsValidationException>(() => Vault(new() { ["SECRETS_KEY"] = "short" })).Message,
            StringComparison.Ordinal);
    }

    private SecretVault Vault(Dictionary<string, string?> settings, bool isShared = false) =>
        new(SecretKey.From(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), folder.Path, isShared));

    private static string Key(ReadOnlyMemory<byte> config)
    {
        using var document = JsonDocument.Parse(config);
        return document.RootElement.Text("key");
    }
}
