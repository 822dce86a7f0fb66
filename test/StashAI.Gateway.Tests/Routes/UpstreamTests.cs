using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Gateway.Tests.Access;
using StashAI.Gateway.Upstreams.Outbound;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>What the gateway sends to a Visage service, and what it makes of the answers.</summary>
public sealed class UpstreamTests
{
    /// <summary>Base64 of "first".</summary>
    private const string Photo = "Zmlyc3Q=";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("data:image/jpeg;base64,")]
    [InlineData("data:image/png;charset=x;base64,")]
    public async Task The_photo_reaches_the_service_as_it_was_sent(string prefix)
    {
        await using var gateway = await GatewayHost.StartAsync();
        var photo = prefix + Convert.ToBase64String(Enumerable.Range(0, 2_500_003).Select(i => (byte)(i * 31)).ToArray());

        var answer = await gateway.PostAsync(
            "/api/visage/job", $$$$"""{"images":["{{{{photo}}}}"],"config":{"additional_params":{"max_faces":4}}}""");
        var job = await gateway.EndOfAsync(answer.Text("job_id"));

        var call = Assert.Single(gateway.Visage.Ledger.Calls).Call!;
        Assert.Equal($$"""{"image_data":"{{photo}}","threshold":0.5,"results":4}""", call.Text);
        Assert.Equal("application/json", call.Header("Content-Type"));
        Assert.Equal(photo, job.GetProperty("tasks")[0].GetProperty("input_data").Text("image"));
    }

    [Fact]
    public async Task Another_path_gets_the_photo_under_both_names()
    {
        await using var gateway = await GatewayHost.StartAsync();

        var answer = await gateway.PostAsync(
            "/api/visage/task", $$"""{"image":"{{Photo}}","visage_api_url":"http://localhost:9997/api/identify"}""");
        await gateway.EndOfAsync(answer.Text("job_id"));

        var call = Assert.Single(gateway.Visage.Ledger.Calls).Call!;
        Assert.Equal("/api/identify", call.Path);
        Assert.Equal($$"""{"image":"{{Photo}}","image_data":"{{Photo}}","threshold":0.5}""", call.Text);
    }

    [Theory]
    [InlineData("http://localhost:9997/api/predict_1")]
    [InlineData("http://stash.lan:9997/api/predict_1")]
    [InlineData("http://192.168.1.9:9997/api/predict_2")]
    [InlineData("http://169.254.169.254:9997/api/predict_1")]
    public async Task A_url_that_a_browser_would_use_selects_the_configured_service(string url)
    {
        await using var gateway = await GatewayHost.StartAsync(visagePath: "/api/predict_1");

        var answer = await gateway.PostAsync("/api/visage/task", $$"""{"image":"{{Photo}}","visage_api_url":"{{url}}"}""");
        await gateway.EndOfAsync(answer.Text("job_id"));

        Assert.Equal(url, answer.Text("visage_api_url"));
        Assert.Equal(new Uri(url).AbsolutePath, Assert.Single(gateway.Visage.Ledger.Calls).Call!.Path);
    }

    [Theory]
    [InlineData("http://127.0.0.1:9/api/predict_1", "TRUST_LAN")]
    [InlineData("http://localhost:9998/api/queue/cancel/x", "TRUST_LAN")]
    [InlineData("http://10.1.2.3/api/predict_1", "TRUST_LAN")]
    [InlineData("http://[::1]:80/identify", "TRUST_LAN")]
    [InlineData("http://169.254.169.254/latest/meta-data", null)]
    [InlineData("http://user:secret@example.org/identify", null)]
    public async Task A_url_that_the_policy_forbids_is_refused_at_submit(string url, string? setting)
    {
        await using var gateway = await GatewayHost.StartAsync();

        var problem = await gateway.PostAsync("/api/visage/job", $$"""{"images":["{{Photo}}"],"visage_api_url":"{{url}}"}""", 422);

        Assert.Equal("visage_api_url", problem.FirstError().Text("field"));
        if (setting is not null) Assert.Equal(setting, problem.Text("setting"));
        Assert.Equal(0, (await gateway.GetAsync("/api/queue/jobs")).Whole("total_count"));
    }

    [Fact]
    public async Task A_trusted_address_is_called_directly()
    {
        await using var gateway = await GatewayHost.StartAsync(new() { ["TRUST_LAN"] = "true" });
        await using var other = await ScriptedService.StartAsync(Cancellation);

        var answer = await gateway.PostAsync(
            "/api/visage/task", $$"""{"image":"{{Photo}}","visage_api_url":"{{other.Url}}/identify?key=1"}""");
        var job = await gateway.EndOfAsync(answer.Text("job_id"));

        Assert.Equal("completed", job.Text("status"));
        Assert.Equal("/identify?key=1", Assert.Single(other.Ledger.Calls).Call!.Path);
        Assert.Equal(0, gateway.Visage.Ledger.Count);
    }

    [Theory]
    [InlineData("/api/visage/job", $$"""{"images":["{{Photo}}"]}""")]
    [InlineData("/api/visage/batch/identify", $$"""{"images":["{{Photo}}"]}""")]
    [InlineData("/api/demo/visage/job", "{}")]
    public async Task Without_an_address_and_without_a_service_a_job_is_refused_with_the_way_out(string route, string body)
    {
        await using var gateway = await GatewayHost.StartAsync(new() { ["TRUST_LAN"] = "true" }, hasVisage: false);

        var problem = await gateway.PostAsync(route, body, 400);

        Assert.Equal("visage_api_url", problem.FirstError().Text("field"));
        Assert.Contains("VISAGE_API_URL", problem.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(0, (await gateway.GetAsync("/api/queue/jobs")).Whole("total_count"));
        var named = await gateway.PostAsync(
            "/api/visage/task", $$"""{"image":"{{Photo}}","visage_api_url":"{{gateway.Visage.Url}}/identify"}""");
        Assert.Equal("completed", (await gateway.EndOfAsync(named.Text("job_id"))).Text("status"));
    }

    [Theory]
    [InlineData("localhost", "true", true, "host.docker.internal")]
    [InlineData("127.0.0.1", "true", true, "host.docker.internal")]
    [InlineData("localhost", "auto", true, "host.docker.internal")]
    [InlineData("localhost", "auto", false, "localhost")]
    [InlineData("localhost", "false", true, "localhost")]
    public async Task In_a_container_localhost_is_the_machine_around_it(string host, string inDocker, bool isNamed, string called)
    {
        await using var other = await ScriptedService.StartAsync(Cancellation);
        var port = new Uri(other.Url).Port;
        await using var gateway = await GatewayHost.StartAsync(
            new() { ["IN_DOCKER"] = inDocker, ["DOTNET_RUNNING_IN_CONTAINER"] = "true", ["ALLOWED_UPSTREAMS"] = $"{called}:{port}" },
            configure: builder =>
            {
                var names = new ScriptedDns().With("localhost", "127.0.0.1");
                builder.Services.AddSingleton<IDnsResolver>(isNamed ? names.With("host.docker.internal", "127.0.0.1") : names);
            });

        var answer = await gateway.PostAsync(
            "/api/visage/task", $$"""{"image":"{{Photo}}","visage_api_url":"http://{{host}}:{{port}}/identify?a=%20b"}""");
        await gateway.EndOfAsync(answer.Text("job_id"));

        var call = Assert.Single(other.Ledger.Calls).Call!;
        Assert.Equal(($"{called}:{port}", "/identify?a=%20b"), (call.Header("Host"), call.Path));
    }

    [Fact]
    public async Task In_a_container_the_configured_service_comes_first_and_the_policy_still_decides()
    {
        await using var gateway = await GatewayHost.StartAsync(
            new() { ["IN_DOCKER"] = "true" },
            configure: builder => builder.Services.AddSingleton<IDnsResolver>(
                new ScriptedDns().With("host.docker.internal", "172.17.0.1")));

        var aliased = await gateway.PostAsync(
            "/api/visage/task", $$"""{"image":"{{Photo}}","visage_api_url":"http://localhost:9997/api/predict_1"}""");
        var problem = await gateway.PostAsync(
            "/api/visage/task", $$"""{"image":"{{Photo}}","visage_api_url":"http://localhost:80/identify"}""", 422);

        await gateway.EndOfAsync(aliased.Text("job_id"));
        Assert.Equal(1, gateway.Visage.Ledger.Count);
        Assert.Equal("TRUST_LAN", problem.Text("setting"));
        Assert.Contains("host.docker.internal", problem.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_answer_is_kept_byte_for_byte()
    {
        const string Answer =
            """{ "data" : [ [ {"image":"\/9j\u002f","confidence":0.990,"n":1E2, "name":"Zoë \u00e9 <b>"} ] ],"data":1 }""";
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = _ => Reply.Json(Answer);

        var jobId = await gateway.SubmitAsync("x");
        var job = await gateway.EndOfAsync(jobId);
        var taskId = job.GetProperty("tasks")[0].Text("task_id");

        foreach (var path in (string[])[$"job/{jobId}", $"task/{taskId}", $"status/{jobId}", $"status/{taskId}"])
        {
            var body = await gateway.Http.GetStringAsync($"/api/queue/{path}", Cancellation);
            Assert.Contains($"\"output_json\":{Answer}", body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_foreign_services_no_faces_error_is_an_empty_result()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = _ => Reply.Status(500, """{"detail":"No faces found in the image"}""");

        var task = await gateway.RunOneAsync();

        Assert.Equal("finished", task.Text("status"));
        Assert.Equal("""{"data":[[]]}""", task.GetProperty("output_json").GetRawText());
        Assert.Equal(1, gateway.Visage.Ledger.Count);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(408)]
    public async Task A_failing_service_is_asked_again(int status)
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = call => call.Try < 3
            ? Reply.Status(status, "oh dear", contentType: "text/plain")
            : Reply.Json("""{"ok":1}""");

        var task = await gateway.RunOneAsync();

        Assert.Equal("finished", task.Text("status"));
        Assert.Equal(2, task.Whole("retry_count"));
        Assert.Equal(3, gateway.Visage.Ledger.Count);
    }

    [Fact]
    public async Task A_service_that_keeps_failing_fails_the_task_with_its_words()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = _ => Reply.Status(500, """{"error":"out of memory"}""");

        var task = await gateway.RunOneAsync();

        Assert.Equal("failed", task.Text("status"));
        Assert.Equal(3, task.Whole("retry_count"));
        Assert.Equal(3, task.Whole("max_retries"));
        Assert.Equal("service_error", task.Text("error_kind"));
        Assert.Equal("The service answered 500: out of memory", task.Text("error_message"));
        Assert.Equal(4, gateway.Visage.Ledger.Count);
    }

    /// <summary>Answers that no retry can help, and what the task's error says.</summary>
    public static TheoryData<int, string, string> Refusals { get; } = new()
    {
        { 400, """{"detail":"not an image"}""", "not an image" },
        { 422, """{"detail":[{"loc":["body"],"msg":"field required"}]}""", "field required" },
        { 404, "", "404" },
        { 400, """{"detail":"\ud800 broken"}""", "400" },
        { 413, "<html>too large</html>", "too large" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_refused_photo_fails_at_once_with_the_services_reason(int status, string body, string expected)
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = _ => Reply.Status(status, body);

        var task = await gateway.RunOneAsync();

        Assert.Equal("failed", task.Text("status"));
        Assert.Equal("rejected", task.Text("error_kind"));
        Assert.Contains(expected, task.Text("error_message"), StringComparison.Ordinal);
        Assert.Equal(1, gateway.Visage.Ledger.Count);
    }

    [Theory]
    [InlineData(429, "0")]
    [InlineData(503, "0")]
    [InlineData(429, "Wed, 21 Oct 2015 07:28:00 GMT")]
    [InlineData(429, "soon")]
    public async Task A_service_that_asks_to_wait_costs_no_attempt(int status, string retryAfter)
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = call => call.Try < 8 ? Reply.StatusWithRetryAfter(status, retryAfter) : Reply.Json("{}");

        var task = await gateway.RunOneAsync();

        Assert.Equal("finished", task.Text("status"));
        Assert.Equal(0, task.Whole("retry_count"));
        Assert.Equal(8, gateway.Visage.Ledger.Count);
    }

    /// <summary>Bodies of a 200 that are no JSON, and the number of calls that they cost.</summary>
    public static TheoryData<byte[], int> Garbage { get; } = new()
    {
        { "{\"data\":[["u8.ToArray(), 4 },
        { "<html>OK</html>"u8.ToArray(), 1 },
        { [], 1 },
        { "{} {}"u8.ToArray(), 1 },
        { [(byte)'"', 0xC3, 0x28, (byte)'"'], 1 },
        { [(byte)'"', 0xFF, 0xFE, (byte)'"'], 1 },
    };

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task An_answer_that_is_no_json_fails_and_is_asked_for_again_only_if_it_ended_early(byte[] answer, int calls)
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = _ => Reply.Garbage(answer);

        var task = await gateway.RunOneAsync();

        Assert.Equal("failed", task.Text("status"));
        Assert.Equal("invalid_answer", task.Text("error_kind"));
        Assert.True(task.IsNull("output_json"));
        Assert.Equal(calls, gateway.Visage.Ledger.Count);
    }

    [Fact]
    public async Task A_byte_order_mark_before_the_answer_is_not_part_of_it()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = _ => Reply.Garbage((byte[])[0xEF, 0xBB, 0xBF, .. "{\"a\":1}"u8]);

        Assert.Equal("""{"a":1}""", (await gateway.RunOneAsync()).GetProperty("output_json").GetRawText());
    }

    [Fact]
    public async Task A_connection_that_breaks_is_tried_again()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = call => call.Try switch
        {
            1 => Reply.Reset(),
            2 => Reply.ResetAfter("""{"data":[["""),
            _ => Reply.Json("{}"),
        };

        Assert.Equal("finished", (await gateway.RunOneAsync()).Text("status"));
    }

    [Fact]
    public async Task A_large_answer_is_kept_and_a_huge_one_is_refused()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = call => Reply.Garbage(
            Encoding.ASCII.GetBytes(
                $"\"{new string('x', call.Path.Length > 0 && call.JsonField("image_data") == GatewayHost.Base64("huge") ? 64 << 20 : 9 << 20)}\""));

        var job = await gateway.EndOfAsync(await gateway.SubmitAsync("large", "huge"));

        Assert.Equal("partial", job.Text("status"));
        Assert.Equal((9 << 20) + 2, job.GetProperty("tasks")[0].GetProperty("output_json").GetRawText().Length);
        Assert.Equal("invalid_answer", job.GetProperty("tasks")[1].Text("error_kind"));
        Assert.Contains("64 MB", job.GetProperty("tasks")[1].Text("error_message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_is_refused_and_the_task_says_so()
    {
        await using var gateway = await GatewayHost.StartAsync(new() { ["TRUST_LAN"] = "true" });
        await using var redirecting = await RedirectingService.StartAsync("http://169.254.169.254/latest", Cancellation);

        var answer = await gateway.PostAsync(
            "/api/visage/task", $$"""{"image":"{{Photo}}","visage_api_url":"{{redirecting.Url}}/identify"}""");
        var job = await gateway.EndOfAsync(answer.Text("job_id"));

        var task = job.GetProperty("tasks")[0];
        Assert.Equal("outbound_refused", task.Text("error_kind"));
        Assert.Contains("169.254.169.254", task.Text("error_message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_of_faces_as_text_is_sent_as_a_number()
    {
        await using var gateway = await GatewayHost.StartAsync();

        var answer = await gateway.PostAsync(
            "/api/visage/job", $$$$"""{"images":["{{{{Photo}}}}"],"config":{"additional_params":{"max_faces":"5"}}}""");
        await gateway.EndOfAsync(answer.Text("job_id"));

        var call = Assert.Single(gateway.Visage.Ledger.Calls).Call!;
        using var sent = JsonDocument.Parse(call.Body);
        Assert.Equal(5, sent.RootElement.Whole("results"));
    }
}
