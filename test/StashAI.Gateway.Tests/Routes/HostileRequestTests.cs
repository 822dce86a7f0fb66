using System.Text;
using System.Text.Json;
using CsCheck;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>Whatever a client sends, it gets an answer that says what is wrong; never a 500, and the server goes on.</summary>
public sealed class HostileRequestTests
{
    private static readonly string Photo = GatewayHost.Base64("x");

    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1.5", "1e999", "-1e999", "123456789012345678901234567890", "\"\"", "\"x\"", "\"\\u0000\"",
        "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"é\"", "[]", "{}", "[[[]]]", "{\"a\":{}}", $"\"{Photo}\"", $"[\"{Photo}\"]",
        $"[\"{Photo}\",\"{Photo}\"]", "[null]", "[1]", "[{}]", "\"data:,\"", "\"data:image/png;base64,\"",
        $"\"data:image/png;base64,{Photo}\"", "\"http://localhost:9997/api/predict_1\"", "\"http://[\"", "\"http://a b/\"", "\"//x\"",
        "\"http://\\u0000/\"", "\"service://visage/x\"", "\"javascript:alert(1)\"", "\"http://127.0.0.1:99999/\"",
        "\"http://169.254.169.254:9997/api/../../x\"", $"\"{new string('a', 5000)}\"", "{\"image_base64\":\"eA==\"}",
        "{\"image_base64\":{}}", "{\"stash_image_id\":[]}", "{\"max_faces\":\"\\ud800\"}", "{\"entity_ids\":[1,null,{}]}",
        "{\"entity_id\":{}}", "nul", "\"", "[", "{\"", "\u00A0",
    ];

    private static readonly string[] Names =
    [
        "images", "image", "image_data", "image_id", "scene_id", "config", "threshold", "visage_api_url", "additional_params", "user_id",
        "session_id", "service_type", "\\u0069mages", "\\ud800", "", "__proto__", "imag\\u0065s",
    ];

    private static readonly string[] ConfigNames =
    [
        "threshold", "face_threshold", "job_name", "user_id", "session_id", "priority", "batch_size", "model_type", "source",
        "return_face_locations", "additional_params", "service_config", "visage_api_url", "\\ud800",
    ];

    private static readonly Gen<string> Value = Gen.OneOf(Values);

    private static readonly Gen<string> Body = Gen.OneOf(
        Object(Names, Gen.OneOf(
            Value,
            Object(ConfigNames, Gen.OneOf(Value, Object(["max_faces", "entity_ids", "entity_id", "gallery_id", "api_endpoint"], Value))))),
        Object(["images", "config"], Gen.OneOf(Gen.Const($"[\"{Photo}\"]"), Object(ConfigNames, Value))),
        Value,
        Gen.Byte.Array[0, 40].Select(Encoding.Latin1.GetString));

    private static readonly Gen<string> Id = Gen.OneOf(
        Gen.OneOf(
            "", "x", ".", "..", "%00", "%ff", "%2e%2e", "a/b", "{0}", "00000000-0000-0000-0000-000000000000",
            "%7B00000000-0000-0000-0000-000000000000%7D"),
        Gen.Guid.Select(id => id.ToString()),
        Gen.Byte.Array[0, 24].Select(bytes => Uri.EscapeDataString(Encoding.Latin1.GetString(bytes))));

    private static readonly Gen<string> Query = Gen.Select(
        Gen.OneOf(
            "limit", "offset", "status", "dialect", "inputs", "adapter_name", "x", "job_id", "session_id", "user_id", "before_id",
            "include_completed", "include_partial", "format"),
        Gen.OneOf(
            Gen.OneOf(
                "", "0", "-1", "1", "2147483647", "2147483648", "9e9", "NaN", "completed", ",", ",,failed", "ndjson", "false",
                "9223372036854775808", "%00", "%ff", "'", "plugin", "full", "١"),
            Gen.Byte.Array[0, 10].Select(bytes => Uri.EscapeDataString(Encoding.Latin1.GetString(bytes)))),
        (name, value) => $"{name}={value}").Array[0, 3].Select(parts => string.Join('&', parts));

    private static readonly string[] Readers =
    [
        "/api/queue/status/*", "/api/queue/job/*", "/api/queue/task/*", "/api/queue/cancel/*", "/api/queue/retry/*",
        "/api/queue/job/*/results", "/api/queue/jobs/*/pause", "/api/queue/jobs/*/resume", "/api/queue/task/*/input/image",
        "/api/queue/jobs", "/api/queue/tasks", "/api/queue/stats", "/api/queue/health", "/api/visage/job/*/results",
        "/api/visage/task/*/result", "/api/services", "/api/services/*", "/api/interactions", "/api/sessions", "/api/sessions/*",
        "/api/*/task", "/api/*/batch/*", "/ws/*", "/", "/health",
    ];

    private static readonly string[] Takers =
    [
        "/api/visage/job", "/api/visage/task", "/api/visage/batch/identify", "/api/visage/batch/compare", "/api/visage/batch/one-to-many",
        "/api/interactions", "/api/sessions", "/api/batch", "/api/interactions/batch/record", "/api/sessions/task", "/api/visage/batch",
        "/api/x/batch/y", "/api/content/task", "/api/demo/visage/job", "/api/demo/visage/task",
        "/api/queue/retry/00000000-0000-7000-8000-000000000000", "/api/queue/pause", "/api/queue/resume", "/api/services/visage/resume",
        "/api/services/x/pause",
    ];

    private static readonly string[] RecordNames =
    [
        "session_id", "user_id", "action_type", "page_path", "element_type", "element_id", "metadata", "page_views", "total_interactions",
        "end_time", "type", "items", "config", "id", "item_id", "only", "demo_task_count", "visage_api_url", "target",
    ];

    private static readonly string[] RecordValues =
    [
        "\"interactions\"", "\"sessions\"", "\"visage.identify\"", "\"visage.\"", "\".\"", "\"custom\"", "2147483648", "-0.0",
        "\"2024-01-01T00:00:00Z\"", "\"0001-01-01T00:00:00+14:00\"", "\"9999-12-31T23:59:59-14:00\"", "\"24:00\"",
        "[{\"session_id\":\"s\",\"action_type\":\"a\"}]", "\"visage.compare\"", "\"visage.one-to-many\"",
        "[{\"image1\":{\"path\":\"/\\u0000\"},\"person2\":\"x\"}]", "[{\"image1\":\"eA==\",\"image2\":\"eA==\",\"face1\":[]}]",
        "[{\"url\":\"http://[\"},{\"person\":\"\"},{\"face\":{\"x\":1e999}}]", "{\"person\":\"Ann\"}",
        "{\"image\":\"eA==\",\"face\":{\"y\":-1}}", "[{\"session_id\":\"s\",\"metadata\":\"\\ud800\"}]",
        "[{\"image\":\"eA==\",\"id\":[{}]}]", "[\"data:;base64,\"]", "[\"data:;base64,eA=\"]", "[\"=\"]",
        "{\"start_at\":\"9999-12-31T23:59:59Z\"}", "{\"start_at\":\"2030-01-01\",\"deadline\":0}",
        "{\"priority\":\"high\",\"max_retries\":1e9}", "{\"api_url\":\"http://[::1\"}",
    ];

    private static readonly Gen<string> RecordBody = Gen.OneOf(
        Object(RecordNames, Gen.OneOf(Value, Gen.OneOf(RecordValues))),
        Object(["type", "items", "config"], Gen.OneOf(RecordValues)),
        Object(["session_id", "action_type"], Gen.Const("\"s\"")),
        Body);

    private static readonly Gen<(string Name, string Value)> Header = Gen.Select(
        Gen.OneOf(
            "Idempotency-Key", "Prefer", "StashAI-Dialect", "Accept", "Content-Type", "Origin", "Expect", "X-API-Key", "Authorization"),
        Gen.OneOf(
            Gen.OneOf(
                "", "k", "k,k", "wait=0", "wait=-1", "wait=99999999999", "wait", "wait=\"0\"", ";;,=", "application/x-ndjson", "text/plain",
                "plugin", "Bearer "),
            Gen.String[Gen.Char[' ', '~'], 0, 12]));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_comes_to_a_route_that_takes_something_is_accepted_or_refused()
    {
        await using var gateway = await GatewayHost.StartAsync();

        await Gen.Select(Gen.OneOf(Takers), RecordBody, Query, Header.Array[0, 2]).SampleAsync(
            async (route, body, query, headers) =>
            {
                // In direct mode two clients could not wait for the ends of so many jobs.
                if (GatewayHost.IsDirect) headers = [.. headers, ("Prefer", "wait=0")];
                using var response = await gateway.SendAsync(HttpMethod.Post, $"{route}?{query}", body, headers);
                await CheckAsync(response, $"{route}?{query} {body}");
            },
            iter: 2000,
            threads: 2);

        Assert.Empty(gateway.Errors.Lines);
    }

    [Fact]
    public async Task A_malformed_body_is_accepted_or_refused()
    {
        await using var gateway = await GatewayHost.StartAsync();

        await Gen.Select(Gen.OneOf("job", "task", "batch/identify"), Body, Query).SampleAsync(
            async (route, body, query) =>
            {
                using var content = new StringContent(body, Encoding.UTF8, "application/json");
                using var response = await gateway.Http.PostAsync($"/api/visage/{route}?{query}", content, Cancellation);
                await CheckAsync(response, body);
            },
            iter: 500,
            threads: 2);

        Assert.Empty(gateway.Errors.Lines);
        await CheckAllJobsAsync(gateway);
    }

    [Fact]
    public async Task A_malformed_path_or_query_is_answered()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var job = await gateway.EndOfAsync(await gateway.SubmitAsync("x"));
        var known = Gen.OneOf(job.Text("job_id"), job.GetProperty("tasks")[0].Text("task_id"));

        await Gen.Select(
            Gen.OneOf("GET", "POST", "HEAD", "PUT", "OPTIONS", "TRACE"),
            Gen.OneOf(Readers),
            Gen.OneOf(known, Id),
            Query).SampleAsync(
            async (method, path, id, query) =>
            {
                using var request = new HttpRequestMessage(
                    new HttpMethod(method), $"{path.Replace("*", id, StringComparison.Ordinal)}?{query}");
                using var response = await gateway.Http.SendAsync(request, Cancellation);
                await CheckAsync(response, $"{request.Method} {request.RequestUri}");
            },
            iter: 1500,
            threads: 2);

        Assert.Empty(gateway.Errors.Lines);
    }

    [Fact]
    public async Task A_malformed_header_is_answered()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var taskId = (await gateway.RunOneAsync()).Text("task_id");

        await Gen.Select(
            Gen.OneOf(
                "StashAI-Dialect", "Origin", "Host", "Upgrade", "Connection", "Sec-WebSocket-Key", "Content-Type", "Accept",
                "Access-Control-Request-Method", "Range", "Expect"),
            Gen.OneOf(
                Gen.OneOf(
                    "", "x", "plugin", "null", "http://", "http://[", "https://x", "websocket", "bytes=0-", ",", "a,b", "[::1",
                    "127.0.0.1:x"),
                Gen.String[Gen.Char[' ', '~'], 0, 20]))
            .Array[0, 4].SampleAsync(
            async headers =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/queue/status/{taskId}");
                foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
                using var response = await gateway.Http.SendAsync(request, Cancellation);
                Assert.NotEqual(500, (int)response.StatusCode);
            },
            iter: 300,
            threads: 2);

        Assert.Empty(gateway.Errors.Lines);
    }

    private static Gen<string> Object(string[] names, Gen<string> value) =>
        Gen.Select(Gen.OneOf(names), value, (name, text) => $"\"{name}\":{text}").Array[0, 5]
            .Select(members => $"{{{string.Join(',', members)}}}");

    private static async Task CheckAsync(HttpResponseMessage response, string what)
    {
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True((int)response.StatusCode is >= 200 and < 500, $"{(int)response.StatusCode} to {what}: {text}");
        if (text.Length == 0 || response.Content.Headers.ContentType?.MediaType is not ("application/json" or "application/problem+json"))
        {
            return;
        }

        using var json = JsonDocument.Parse(text);
        if (!response.IsSuccessStatusCode) Assert.NotEmpty(json.RootElement.Text("detail"));
    }

    /// <summary>Whatever was accepted can be shown.</summary>
    private static async Task CheckAllJobsAsync(GatewayHost gateway)
    {
        var jobs = await gateway.GetAsync("/api/queue/jobs?limit=1000");
        foreach (var job in jobs.GetProperty("jobs").EnumerateArray())
            Assert.Equal("completed", (await gateway.EndOfAsync(job.Text("job_id"))).Text("status"));
    }
}
