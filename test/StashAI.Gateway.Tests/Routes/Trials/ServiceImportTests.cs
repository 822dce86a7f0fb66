using System.Net;
using System.Text.Json;
using CsCheck;
using StashAI.Gateway.Tests.Services;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes.Trials;

/// <summary><c>POST /api/services/import</c>.</summary>
public sealed class ServiceImportTests
{
    private const string Yaml = """
        name: echo
        url: ${ECHO_URL}
        operations:
          go: {item: string, request: {path: /x, json: {q: "{{ item }}"}}}
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_command_is_shown_saved_and_submitted_to()
    {
        GatewayHost.SkipInDirectMode();
        await using var host = await ServiceHost.StartAsync(Yaml);
        host.Service.Script = _ => Reply.Json("""{"text":"done"}""");
        var command = $"curl {host.Service.Url}/say -H 'Authorization: Bearer secret-of-mine' -d text=hello";

        var shown = await ImportAsync(host, command, "said");
        Assert.Equal(("said", false), (shown.Text("name"), shown.GetProperty("saved").GetBoolean()));
        Assert.DoesNotContain("secret-of-mine", shown.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("SAID_API_KEY", shown.GetProperty("variables")[0].Text("name"));
        Assert.False(File.Exists(host.Folder.File("said.yaml")));
        Assert.Empty(host.Calls);

        var plain = $"curl {host.Service.Url}/say -d text=hello";
        var saved = await ImportAsync(host, plain, "said", "?save=true", 201);
        Assert.True(saved.GetProperty("saved").GetBoolean());
        Assert.Equal(
            $"{OwnDeclarations.Mark}\n{saved.Text("declaration")}",
            await File.ReadAllTextAsync(host.Folder.File("said.yaml"), Cancellation));
        var job = await host.RunAsync("/api/said/job", """{"items":["hi"]}""");
        Assert.Equal("completed", job.Text("status"));
        Assert.Equal("text=hi", host.Calls[^1].Text);

        await ImportAsync(host, plain, "said", "?save=true", 409);
        await ImportAsync(host, plain, "said", "?save=true&replace=true", 201);
        await ImportAsync(host, plain, "echo", "?save=true", 409);
        Assert.Equal(2, Directory.GetFiles(host.Folder.Path, "*.yaml").Length);
        Assert.Empty(Directory.GetFiles(host.Folder.Path, "*.tmp"));
    }

    [Fact]
    public async Task What_was_made_of_a_command_is_changed_and_removed_here_and_files_of_the_operator_are_not()
    {
        await using var host = await ServiceHost.StartAsync(Yaml);
        host.Service.Script = _ => Reply.Json("""{"text":"done"}""");
        var saved = await ImportAsync(host, $"curl {host.Service.Url}/say -d text=hello", "said", "?save=true", 201);
        var declared = await host.Gateway.GetAsync("/api/services/said/declaration");
        Assert.Equal((true, host.Folder.File("said.yaml")), (declared.GetProperty("made_here").GetBoolean(), declared.Text("path")));
        Assert.False((await host.Gateway.GetAsync("/api/services/echo/declaration")).GetProperty("made_here").GetBoolean());

        var text = saved.Text("declaration").Replace("/say", "/tell", StringComparison.Ordinal);
        var changed = await ChangeAsync(host, "said", text, 200);
        Assert.Equal($"{OwnDeclarations.Mark}\n{text}", changed.Text("text"));
        Assert.Equal("completed", (await host.RunAsync("/api/said/job", """{"items":["hi"]}""")).Text("status"));
        Assert.EndsWith("/tell", host.Service.Ledger.Calls[^1].Call!.Path, StringComparison.Ordinal);

        foreach (var (wrong, reason) in ((string, string)[])
        [
            (text + "nonsense: 1\n", "line "), (text.Replace("name: said", "name: sung", StringComparison.Ordinal), "name: said"),
            (text + "headers: {X-A: \"${ECHO_URL}\"}\n", "ECHO_URL"), (text + "headers: {X-A: \"\\x24{ECHO_URL}\"}\n", "ECHO_URL"),
            (text + "headers: {X-A: \"${file:/etc/passwd}\"}\n", "file of the server"), ("", "line "),
        ])
        {
            var refused = await ChangeAsync(host, "said", wrong, 422);
            Assert.Contains(reason, refused.Text("detail"), StringComparison.Ordinal);
        }

        await ChangeAsync(host, "echo", Yaml, 409);
        await ChangeAsync(host, "visage", Yaml, 409);
        await ChangeAsync(host, "nobody", Yaml, 404);
        foreach (var (name, status) in ((string, int)[])[("echo", 409), ("visage", 409), ("nobody", 404), ("said", 204), ("said", 404)])
        {
            using var answer = await host.Gateway.SendAsync(HttpMethod.Delete, $"/api/services/{name}", null);
            Assert.True((int)answer.StatusCode == status, $"{name}: {(int)answer.StatusCode}");
        }

        Assert.False(File.Exists(host.Folder.File("said.yaml")));
        Assert.True(File.Exists(host.Folder.File("echo.yaml")));
        await ImportAsync(host, $"curl {host.Service.Url}/say -d text=hello", "said", "?save=true", 201);
    }

    [Fact]
    public async Task A_service_with_open_tasks_is_not_removed()
    {
        GatewayHost.SkipInDirectMode();
        await using var host = await ServiceHost.StartAsync(Yaml);
        await ImportAsync(host, $"curl {host.Service.Url}/say -d text=hello", "said", "?save=true", 201);
        await host.Gateway.PostAsync("/api/services/said/pause", "", 200);
        var job = (await host.Gateway.PostAsync("/api/said/job", """{"items":["hi"]}""", 202)).Text("job_id");

        Assert.Equal(409, await RemoveAsync());
        await host.Gateway.PostAsync($"/api/queue/cancel/{job}", "", 200);
        Assert.Equal(204, await RemoveAsync());

        async Task<int> RemoveAsync()
        {
            using var answer = await host.Gateway.SendAsync(HttpMethod.Delete, "/api/services/said", null);
            return (int)answer.StatusCode;
        }
    }

    [Fact]
    public async Task Of_several_that_save_one_name_at_once_one_wins_and_its_declaration_stays()
    {
        await using var host = await ServiceHost.StartAsync(Yaml);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            var body = JsonSerializer.Serialize(new { curl = $"curl {host.Service.Url}/say-{i} -d text=hello", name = "said" });
            using var answer = await host.Gateway.SendAsync(HttpMethod.Post, "/api/services/import?save=true", body);
            return (Status: (int)answer.StatusCode, Path: $"/say-{i}");
        }));

        var winner = Assert.Single(answers, answer => answer.Status == 201);
        Assert.All(answers, answer => Assert.True(answer == winner || answer.Status == 409, $"{answer}"));
        Assert.Contains(winner.Path, await File.ReadAllTextAsync(host.Folder.File("said.yaml"), Cancellation), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(host.Folder.Path, "*.tmp"));
    }

    [Fact]
    public async Task With_call_the_answer_is_shown_and_the_result_is_found_in_it()
    {
        await using var host = await ServiceHost.StartAsync(Yaml);
        await using var other = await ScriptedService.StartAsync(Cancellation);
        other.Script = _ => Reply.Json("""{"text":"done"}""");
        var command = $"curl {other.Url}/say -H 'X-Api-Key: secret-of-mine' -d text=hello";
        var shown = await ImportAsync(host, command, "said", "?call=true");

        Assert.True(shown.GetProperty("trial").GetProperty("ok").GetBoolean(), shown.GetRawText());
        Assert.Contains("result: /text", shown.Text("declaration"), StringComparison.Ordinal);
        Assert.Equal("done", shown.GetProperty("trial").Text("result"));
        Assert.DoesNotContain("secret-of-mine", shown.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("secret-of-mine", other.Ledger.Calls[0].Call!.Header("X-Api-Key"));
    }

    /// <summary>Addresses at home, also of a configured service, and whether a trial by this role calls them; special ones never.</summary>
    [Theory]
    [InlineData("admin", true)]
    [InlineData("operate", false)]
    public async Task A_trial_calls_what_its_caller_may_save(string role, bool isCalled)
    {
        await using var host = await ServiceHost.StartAsync(Yaml, new() { ["API_KEYS"] = $"{role}:a-key-that-tries-services" });
        await using var other = await ScriptedService.StartAsync(Cancellation);
        ScriptedService[] services = [host.Service, other];
        foreach (var service in services)
        {
            service.Script = _ => Reply.Json("""{"text":"done"}""");
            var (status, answer) = await TryAsync(service.Url);
            Assert.True(status == (isCalled ? HttpStatusCode.OK : HttpStatusCode.UnprocessableEntity), answer);
            Assert.Equal(isCalled ? 1 : 0, service.Ledger.Calls.Count);
        }

        foreach (var never in (string[])["http://169.254.169.254", "http://metadata.google.internal", "http://[fe80::1]:80"])
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await TryAsync(never)).Status);

        async Task<(HttpStatusCode Status, string Answer)> TryAsync(string url)
        {
            var body = JsonSerializer.Serialize(new { curl = $"curl '{url}/say' -d text=hello", name = "said" });
            using var answer = await host.Gateway.SendAsync(
                HttpMethod.Post, "/api/services/import?call=true", body, ("Authorization", "Bearer a-key-that-tries-services"));
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
        }
    }

    /// <summary>What a service may answer, and the result that is found; "" where the call fails, and nothing is found.</summary>
    public static TheoryData<string, string, string?> Answers => new()
    {
        { "application/json", """{"text":"done"}""", "/text" },
        { "application/json", """{"other":1}""", null },
        { "application/json", "[1,2]", null },
        { "application/json", "\"a text\"", null },
        { "application/json", "17", null },
        { "application/json", "\uFEFF{\"text\":\"done\"}", "/text" },
        { "application/json", "{\"text\":", "" },
        { "application/json", "plain", "" },
        { "text/plain", "Hello, world", "{format: text}" },
        { "text/plain; charset=iso-8859-1", "caf\u00e9", "{format: text}" },
        { "text/plain", """{"text":"done"}""", "/text" },
        { "text/plain", "", "{format: text}" },
        { "text/html", "<!doctype html><title>Log in</title>", "" },
        { "application/x-ndjson", "{\"a\":1}\n{\"a\":2}\n", "{format: text}" },
        { "text/event-stream", "data: {\"a\":1}\n\n", "" },
        { "image/png", "\u0089PNG\r\n", "" },
        { "audio/wav", "RIFF", "" },
        { "application/octet-stream", "bytes", "" },
        { "text/csv", "a,b\n1,2\n", "{format: text}" },
    };

    /// <summary>What is shown after a trial is what is saved, and a job ends as the trial said.</summary>
    [Theory]
    [MemberData(nameof(Answers))]
    public async Task A_job_of_the_saved_service_ends_as_its_trial_did(string type, string body, string? result)
    {
        GatewayHost.SkipInDirectMode();
        await using var host = await ServiceHost.StartAsync(Yaml, new() { ["ALLOWED_UPSTREAMS"] = "127.0.0.0/8" });
        await using var other = await ScriptedService.StartAsync(Cancellation);
        var bytes = (type.Contains("8859", StringComparison.Ordinal) ? System.Text.Encoding.Latin1 : System.Text.Encoding.UTF8)
            .GetBytes(body);
        other.Script = _ => Reply.Bytes(bytes, type);
        var command = $"curl {other.Url}/say -d text=hello";

        var shown = await ImportAsync(host, command, "said", "?call=true");
        var trial = shown.GetProperty("trial");
        var isFine = result is not "";
        Assert.True(trial.GetProperty("ok").GetBoolean() == isFine, shown.GetRawText());
        Assert.Equal(string.IsNullOrEmpty(result) ? null : result, shown.GetProperty("result").GetString());
        var saved = await host.Gateway.PostAsync(
            "/api/services/import?save=true",
            JsonSerializer.Serialize(new { curl = command, name = "said", result = shown.GetProperty("result").GetString() }), 201);

        Assert.Equal(shown.Text("declaration"), saved.Text("declaration"));
        Assert.Equal(
            $"{OwnDeclarations.Mark}\n{saved.Text("declaration")}",
            await File.ReadAllTextAsync(host.Folder.File("said.yaml"), Cancellation));
        var job = await host.RunAsync("/api/said/job", """{"items":["hello"],"config":{"max_retries":0}}""");
        Assert.Equal(isFine ? "completed" : "failed", job.Text("status"));
        if (!isFine) return;
        var task = (await host.Gateway.GetAsync($"/api/jobs/{job.Text("job_id")}/results?format=json")).GetProperty("data")[0];
        Assert.True(JsonElement.DeepEquals(trial.GetProperty("result"), task.GetProperty("result")), task.GetRawText());
    }

    [Theory]
    [InlineData("/anything", "")]
    [InlineData("/text\n    timeout: 1s", "")]
    [InlineData("/text", "&call=true")]
    public async Task Only_a_result_that_a_trial_gave_is_saved(string result, string query)
    {
        await using var host = await ServiceHost.StartAsync(Yaml);
        var body = JsonSerializer.Serialize(new { curl = "curl http://h/x -d q=1", name = "made", result });
        var refusal = await host.Gateway.PostAsync("/api/services/import?save=true" + query, body, 422);
        Assert.Equal("result", refusal.GetProperty("errors")[0].Text("field"));
        Assert.False(File.Exists(host.Folder.File("made.yaml")));
    }

    [Theory]
    [InlineData("curl http://127.0.0.1:8000/v1/chat/completions", "chat-completions")]
    [InlineData("curl http://localhost:8000/api/v1beta2/Generate", "generate")]
    [InlineData("curl http://[::1]:8000/", "service-1")]
    [InlineData("curl http://localhost:8000/", "localhost")]
    [InlineData("curl http://10.0.0.7/translate", "translate")]
    [InlineData("curl http://llm.lan/v1/chat/completions", "llm-lan")]
    public async Task Without_a_name_the_host_or_the_path_gives_one(string command, string name)
    {
        await using var host = await ServiceHost.StartAsync(Yaml);
        var shown = await ImportAsync(host, command + " -d text=hello", null);
        Assert.Equal(name, shown.Text("name"));
    }

    [Theory]
    [InlineData("-d text=hello", "My LLM", null, "name")]
    [InlineData("-d text=hello", "jobs", null, "name")]
    [InlineData("-d text=hello", null, "prompt", "item")]
    [InlineData("", null, null, "item")]
    [InlineData("--data-binary @-", null, null, "curl")]
    public async Task A_refusal_names_the_field_that_is_wrong(string rest, string? name, string? item, string field)
    {
        await using var host = await ServiceHost.StartAsync(Yaml);
        var body = JsonSerializer.Serialize(new { curl = "curl http://h/x " + rest, name, item });
        var refusal = await host.Gateway.PostAsync("/api/services/import", body, 422);
        Assert.Equal(field, refusal.GetProperty("errors")[0].Text("field"));
    }

    [Theory]
    [InlineData("curl http://h/x -d @/etc/passwd", "/etc/passwd")]
    [InlineData("curl http://h/x --data-binary @notes.txt", "notes.txt")]
    [InlineData("curl http://h/x -F file=@/etc/passwd", "/etc/passwd")]
    [InlineData("curl http://h/x -F 'file=</etc/passwd'", "/etc/passwd")]
    [InlineData("curl http://h/x -T /etc/passwd", "/etc/passwd")]
    [InlineData("curl http://h/x --data-urlencode q@/etc/passwd", "/etc/passwd")]
    [InlineData("curl http://h/x -d @- < /etc/passwd", "/etc/passwd")]
    [InlineData("curl http://h/x -H @/etc/passwd -d q=1", "file")]
    [InlineData("curl http://h/x -b /etc/passwd -d q=1", "/etc/passwd")]
    [InlineData("curl -K /etc/passwd http://h/x -d q=1", "-K")]
    [InlineData("wget http://h/x", "curl")]
    public async Task Files_of_the_server_are_refused_by_name(string command, string word)
    {
        await using var host = await ServiceHost.StartAsync(Yaml);
        var refusal = await ImportAsync(host, command, "made", "?save=true", 422);
        Assert.Contains(word, refusal.Text("detail"), StringComparison.Ordinal);
        Assert.DoesNotContain("root:", refusal.GetRawText(), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(host.Folder.Path));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("TRUE")]
    [InlineData("yes")]
    public async Task Every_word_for_true_counts(string word)
    {
        await using var host = await ServiceHost.StartAsync(Yaml);
        var command = $"curl {host.Service.Url}/say -d text=hello";

        await ImportAsync(host, command, "said", $"?save={word}", 201);
        await ImportAsync(host, command, "said", $"?save={word}&replace={word}", 201);

        Assert.True(File.Exists(host.Folder.File("said.yaml")));
    }

    [Theory]
    [InlineData("jobs")]
    [InlineData("queue")]
    [InlineData("visage")]
    [InlineData("interactions")]
    [InlineData("../up")]
    [InlineData("a/b")]
    [InlineData("/etc/cron.d/x")]
    [InlineData("Big")]
    [InlineData("a.b")]
    [InlineData("")]
    [InlineData("name: x\nurl")]
    public async Task A_name_that_is_taken_or_no_name_is_refused(string name)
    {
        await using var host = await ServiceHost.StartAsync(Yaml);
        await ImportAsync(host, "curl http://h/x -d q=1", name, "?save=true&replace=true", 422);
        Assert.Single(Directory.GetFileSystemEntries(host.Folder.Path));
    }

    [Fact]
    public async Task The_servers_own_variables_are_neither_read_nor_sent_anywhere()
    {
        await using var host = await ServiceHost.StartAsync(Yaml, new() { ["CLOUD_SECRET"] = "cloud-secret-1", ["CLOUD_API_KEY"] = "k" });
        var shown = await ImportAsync(host, "curl http://h/x -H \"X-Key: $CLOUD_SECRET\" -d q=1", "made");
        Assert.DoesNotContain("cloud-secret-1", shown.GetRawText(), StringComparison.Ordinal);
        var refusal = await ImportAsync(host, "curl http://h/x -H \"X-Key: $CLOUD_SECRET\" -d q=1", "made", "?save=true", 422);
        Assert.Contains("CLOUD_SECRET", refusal.Text("detail"), StringComparison.Ordinal);
        await ImportAsync(host, "curl http://h/x -H 'X-Key: abc' -d q=1", "cloud", "?save=true", 422);
        await ImportAsync(host, "curl http://h/x -H 'X-Key: abc' -d q=1 --data-raw '${file:/etc/passwd}'", "made");
    }

    [Fact]
    public async Task Generated_commands_never_fail()
    {
        await using var host = await ServiceHost.StartAsync(Yaml);
        await Gen.OneOf(
            "curl", "http://h/x", " -d ", " -F ", "'", "\"", "\\", "$X", "${X:-y}", "{{ item }}", "{% if %}", "\n", "@f", "a=b", " -H ",
            "X: y",
            " -X PUT ", "{\"q\":1}", " --json ", " -u a:b ", " -G ", "%41", "\u00e9", "\ud83d\ude00", "[1-3]", "<<EOF\nx\nEOF", "`",
            "&&", ";",
            "#", "~", "${file:/x}", "\0", "^", "key: v", "- a", "\t", "\ufdd0").Array[0, 14]
            .Select(parts => "curl http://h/x " + string.Concat(parts))
            .SampleAsync(
                async command =>
                {
                    using var response = await host.Gateway.SendAsync(
                        HttpMethod.Post, "/api/services/import", JsonSerializer.Serialize(new { curl = command, name = "made" }));
                    Assert.True(
                        response.StatusCode is HttpStatusCode.OK or HttpStatusCode.UnprocessableEntity,
                        $"{(int)response.StatusCode}: {command}\n{await response.Content.ReadAsStringAsync(Cancellation)}");
                },
                iter: 300,
                threads: 1);
    }

    private static async Task<JsonElement> ChangeAsync(ServiceHost host, string service, string text, int status)
    {
        using var response = await host.Gateway.SendAsync(
            HttpMethod.Patch, $"/api/services/{service}/declaration", JsonSerializer.Serialize(new { text }));
        var answer = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True((int)response.StatusCode == status, $"{service}: {(int)response.StatusCode} {answer}");
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.Clone();
    }

    private static Task<JsonElement> ImportAsync(ServiceHost host, string command, string? name, string query = "", int status = 200) =>
        host.Gateway.PostAsync("/api/services/import" + query, JsonSerializer.Serialize(new { curl = command, name }), status);
}
