using System.Text;
using System.Text.Json;
using StashAI.Gateway.Tests.Dialects.OpenAi;
using StashAI.Gateway.Tests.Routes;
using StashAI.Gateway.Tests.Services;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Dialects.Anthropic;

/// <summary>
/// A gateway in front of a scripted engine that speaks Anthropic's messages, and OpenAI's chat completions, to which messages are mapped.
/// No model is behind it: its answer repeats the last message.
/// </summary>
internal sealed class AnthropicHost : IAsyncDisposable
{
    public const string Messages = "/v1/messages";

    public const string Batches = "/v1/messages/batches";

    private const string Native = """
        name: claude
        url: ${ECHO_URL}
        max_parallel: 8
        cost: 0.001
        headers: {x-api-key: sk-service}
        anthropic: {routes: /v1/messages, models: "claude-*"}
        operations:
          up: {item: string, request: {path: /up, json: "{{ item | json }}"}}

        """;

    private const string Mapped = """
        name: local
        url: ${ECHO_URL}
        max_parallel: 8
        openai: {routes: /v1/chat/completions, models: small}
        anthropic: {through: /v1/chat/completions, models: small, speaks: tools}
        operations:
          up: {item: string, request: {path: /up, json: "{{ item | json }}"}}

        """;

    private AnthropicHost(ServiceHost host) => Services = host;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ServiceHost Services { get; }

    public GatewayHost Gateway => Services.Gateway;

    public HttpClient Http => Gateway.Http;

    public ScriptedService Engine => Services.Service;

    public static async Task<AnthropicHost> StartAsync(Dictionary<string, string?>? settings = null, int workers = 4)
    {
        GatewayHost.SkipInDirectMode();
        var services = await ServiceHost.StartAsync(Native, settings, workers: workers);
        services.Service.Script = Answer;
        var host = new AnthropicHost(services);
        await File.WriteAllTextAsync(services.Folder.File("local.yaml"), Mapped, Cancellation);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!(await host.Http.GetStringAsync("/v1/models", Cancellation)).Contains("small", StringComparison.Ordinal))
            await timer.WaitForNextTickAsync(Cancellation);
        return host;
    }

    /// <summary>What the scripted engine answers; the last message names a fault, or is repeated.</summary>
    public static Reply Answer(ScriptedCall call)
    {
        if (call.Path != Messages) return OpenAiHost.Answer(call);
        var text = OpenAiHost.LastMessage(call);
        return text switch
        {
            "refused" => Reply.Json(
                """{"type":"error","error":{"type":"invalid_request_error","message":"Too long."},"request_id":"req_theirs"}""", 400),
            "broken" => Reply.Status(500, "no", contentType: "text/plain"),
            _ => Reply.Json(Message(text)),
        };
    }

    public static string Message(string text) =>
        $$"""
        {"id":"msg_1","type":"message","role":"assistant","model":"claude-x","big":12345678901234567890.10,
         "content":[{"type":"text","text":{{JsonSerializer.Serialize(text)}} }],"stop_reason":"end_turn","stop_sequence":null,
         "usage":{"input_tokens":3,"output_tokens":2} }
        """;

    /// <summary>A request for a message.</summary>
    public static string Params(string text, string model = "claude-x", string more = "") =>
        $$"""{"model":"{{model}}","max_tokens":9,"messages":[{"role":"user","content":{{JsonSerializer.Serialize(text)}} }]{{more}}}""";

    /// <summary>A request of a batch.</summary>
    public static string Request(string id, string text, string model = "claude-x", string more = "") =>
        $$"""{"custom_id":{{JsonSerializer.Serialize(id)}},"params":{{Params(text, model, more)}} }""";

    /// <summary>The body of a batch.</summary>
    public static string Body(params IEnumerable<string> requests) => $$"""{"requests":[{{string.Join(',', requests)}}]}""";

    public Task<JsonElement> SubmitAsync(params IEnumerable<string> requests) => PostAsync(Batches, Body(requests));

    /// <summary>The batch once it has ended.</summary>
    public async Task<JsonElement> EndAsync(JsonElement batch)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (batch.Text("processing_status") != "ended")
        {
            await timer.WaitForNextTickAsync(Cancellation);
            batch = await GetAsync($"{Batches}/{batch.Text("id")}");
        }

        return batch;
    }

    public async Task<List<JsonElement>> ResultsAsync(JsonElement batch)
    {
        var text = await Http.GetStringAsync($"{Batches}/{batch.Text("id")}/results", Cancellation);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.Clone())];
    }

    public static (int Processing, int Succeeded, int Errored, int Canceled, int Expired) Counts(JsonElement batch)
    {
        var counts = batch.GetProperty("request_counts");
        return (counts.Whole("processing"), counts.Whole("succeeded"), counts.Whole("errored"), counts.Whole("canceled"),
            counts.Whole("expired"));
    }

    public Task<JsonElement> GetAsync(string path, int status = 200) => SendAsync(HttpMethod.Get, path, null, status);

    public Task<JsonElement> PostAsync(string path, string? body = null, int status = 200) =>
        SendAsync(HttpMethod.Post, path, body, status);

    public async Task<JsonElement> SendAsync(
        HttpMethod method, string path, string? body = null, int status = 200, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.Add("anthropic-version", "2023-06-01");
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return await ReadAsync(await Http.SendAsync(request, Cancellation), status);
    }

    /// <summary>Reads an answer, which has an id; an error must have Anthropic's form.</summary>
    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response, int status)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(Cancellation);
            Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} instead of {status}: {text}");
            Assert.StartsWith("req_", response.Headers.GetValues("request-id").Single());
            using var document = JsonDocument.Parse(text);
            var answer = document.RootElement.Clone();
            if (status < 400) return answer;
            Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
            Assert.Equal(["type", "error", "request_id"], answer.EnumerateObject().Select(field => field.Name));
            Assert.Equal("error", answer.Text("type"));
            return answer.GetProperty("error");
        }
    }

    public ValueTask DisposeAsync() => Services.DisposeAsync();
}
