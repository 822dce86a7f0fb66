using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using StashAI.Gateway.Tests.Routes;
using StashAI.Gateway.Tests.Services;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Dialects.OpenAi;

/// <summary>
/// A gateway in front of a scripted engine that speaks OpenAI's routes. No model is behind it: its answer repeats the last message.
/// </summary>
internal sealed class OpenAiHost : IAsyncDisposable
{
    public const string Chat = "/v1/chat/completions";

    public const string Yaml = """
        name: echo
        url: ${ECHO_URL}
        max_parallel: 8
        cost: 0.001
        openai:
          routes: [/v1/chat/completions, /v1/embeddings]
          models: [small, "large-*"]
          errors: {message: /error/message}
        operations:
          up: {item: string, request: {path: /up, json: "{{ item | json }}"}}

        """;

    private OpenAiHost(ServiceHost host) => Services = host;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ServiceHost Services { get; }

    public GatewayHost Gateway => Services.Gateway;

    public HttpClient Http => Gateway.Http;

    public ScriptedService Engine => Services.Service;

    public static async Task<OpenAiHost> StartAsync(
        Dictionary<string, string?>? settings = null, int workers = 4, string yaml = Yaml, Action<WebApplicationBuilder>? configure = null)
    {
        GatewayHost.SkipInDirectMode();
        var host = await ServiceHost.StartAsync(yaml, settings, workers: workers, configure: configure);
        host.Service.Script = Answer;
        return new OpenAiHost(host);
    }

    /// <summary>What the scripted engine answers; the last message names a fault, or is repeated.</summary>
    public static Reply Answer(ScriptedCall call)
    {
        var text = LastMessage(call);
        return text switch
        {
            "refused" => Reply.Json(
                """{"error":{"message":"Too long.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""",
                400),
            "broken" => Reply.Status(500, "no", contentType: "text/plain"),
            _ => Reply.Json(Completion(text)),
        };
    }

    public static string Completion(string text) =>
        $$"""
        {"id":"chatcmpl-1","object":"chat.completion","big":12345678901234567890.10,
         "choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":{{JsonSerializer.Serialize(text)}} } }],
         "usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5,"prompt_tokens_details":{"cached_tokens":1} } }
        """;

    public static string LastMessage(ScriptedCall call)
    {
        using var document = JsonDocument.Parse(call.Body);
        return document.RootElement.GetProperty("messages").EnumerateArray().Last().GetProperty("content").GetString()!;
    }

    /// <summary>A line of a batch file.</summary>
    public static string Line(string id, string text, string model = "small") =>
        $$"""{"custom_id":{{JsonSerializer.Serialize(id)}},"method":"POST","url":"{{Chat}}","body":{{Body(text, model)}} }""";

    /// <summary>A request for a completion.</summary>
    public static string Body(string text, string model = "small") =>
        $$"""{"model":"{{model}}","messages":[{"role":"user","content":{{JsonSerializer.Serialize(text)}} }]}""";

    public async Task<JsonElement> UploadAsync(string content, string name = "lines.jsonl", string purpose = "batch", int status = 200)
    {
        using var form = Form(Encoding.UTF8.GetBytes(content), name, purpose);
        return await ReadAsync(await Http.PostAsync("/v1/files", form, Cancellation), status);
    }

    public static MultipartFormDataContent Form(byte[] content, string name, string? purpose, params (string Name, string Value)[] more)
    {
        var file = new ByteArrayContent(content);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        var form = new MultipartFormDataContent { { file, "file", name } };
        if (purpose is not null) form.Add(new StringContent(purpose), "purpose");
        foreach (var (field, value) in more) form.Add(new StringContent(value), field);
        return form;
    }

    public Task<JsonElement> CreateAsync(string fileId, string more = "", int status = 200) => PostAsync(
        "/v1/batches", $$"""{"input_file_id":"{{fileId}}","endpoint":"{{Chat}}","completion_window":"24h"{{more}}}""", status);

    /// <summary>Uploads lines and makes a batch of them.</summary>
    public async Task<JsonElement> SubmitAsync(string more, params string[] lines) =>
        await CreateAsync((await UploadAsync(string.Join('\n', lines))).Text("id"), more);

    /// <summary>The batch once it has one of these states.</summary>
    public Task<JsonElement> UntilAsync(string id, params string[] states) =>
        UntilAsync(id, batch => states.Contains(batch.Text("status")));

    /// <summary>The batch once it is as wanted.</summary>
    public async Task<JsonElement> UntilAsync(string id, Predicate<JsonElement> isWanted)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var batch = await GetAsync($"/v1/batches/{id}");
            if (isWanted(batch)) return batch;
            await timer.WaitForNextTickAsync(Cancellation);
        }
    }

    public async Task<List<JsonElement>> LinesAsync(string fileId)
    {
        var text = await Http.GetStringAsync($"/v1/files/{fileId}/content", Cancellation);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.Clone())];
    }

    public async Task<JsonElement> GetAsync(string path, int status = 200) =>
        await ReadAsync(await Http.GetAsync(path, Cancellation), status);

    public async Task<JsonElement> PostAsync(string path, string? body = null, int status = 200)
    {
        using var content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return await ReadAsync(await Http.PostAsync(path, content, Cancellation), status);
    }

    /// <summary>Reads an answer, which has an id; an error must have OpenAI's form.</summary>
    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response, int status)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(Cancellation);
            Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} instead of {status}: {text}");
            Assert.StartsWith("req_", response.Headers.GetValues("x-request-id").Single());
            using var document = JsonDocument.Parse(text);
            var answer = document.RootElement.Clone();
            if (status < 400) return answer;
            Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
            return Assert.Single(answer.EnumerateObject()).Value;
        }
    }

    public ValueTask DisposeAsync() => Services.DisposeAsync();
}
