using System.Text.Json;
using StashAI.Gateway.Tests.Routes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Services;

/// <summary>
/// The shipped chat and transcription declarations against scripted fakes of the shapes that servers of these APIs publish.
/// </summary>
public sealed class ScriptedFakeTests
{
    [Fact]
    public async Task A_chat_answers_each_item_with_text_reason_and_tokens()
    {
        await using var host = await ChatAsync();

        var job = await AskAsync(host, ["hello", "say \"hi\"\n{{ x }}"], "\"system\":\"Be brief.\",\"temperature\":0.5,\"max_tokens\":20");

        var tasks = Tasks(job);
        Assert.Equal("Be brief. hello!", tasks[0].GetProperty("output_json").Text("text"));
        Assert.Equal("Be brief. say \"hi\"\n{{ x }}!", tasks[1].GetProperty("output_json").Text("text"));
        Assert.Equal("stop", tasks[0].GetProperty("output_json").Text("finish_reason"));
        var sums = job.GetProperty("aggregate_results");
        Assert.Equal((2, 40), (sums.Whole("answers"), sums.Whole("tokens")));
        Assert.Equal(2, sums.GetProperty("finish_reasons").Whole("stop"));
        using var sent = JsonDocument.Parse(host.Calls[0].Body);
        Assert.Equal((0.5, 20), (sent.RootElement.Number("temperature"), sent.RootElement.Whole("max_tokens")));
    }

    [Fact]
    public async Task What_a_chat_was_not_told_is_not_sent()
    {
        await using var host = await ChatAsync();

        await AskAsync(host, ["hello"]);

        using var sent = JsonDocument.Parse(host.Calls[0].Body);
        Assert.Equal(["model", "messages", "stream"], sent.RootElement.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task A_whole_request_reaches_a_chat_field_for_field_and_its_answer_is_the_result()
    {
        const string answer =
            """{"id":"c","choices":[{"message":{"role":"assistant","content":null,"tool_calls":[{"id":"t"}]},"logprobs":{"content":[{"logprob":-0.10}]},"finish_reason":"tool_calls"}],"usage":{"total_tokens":7}}""";
        string[] requests =
        [
            """{"model":"small","messages":[{"role":"user","content":[{"type":"text","text":"{{ config.model }} ä\n"}]}],"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}}],"tool_choice":"auto","seed":12345678901234567890,"temperature":0.10,"logprobs":true,"response_format":{"type":"json_schema","json_schema":{"name":"x","strict":true,"schema":{}}},"of_tomorrow":null}""",
            """{"model":"large","messages":[]}""",
        ];
        await using var host = await ServiceHost.StartAsync(Shipped("chat"), variable: "CHAT_API_URL");
        host.Service.Script = _ => Reply.Json(answer);

        var job = await host.RunAsync(
            "/api/chat/batch/complete",
            $$"""{"items":[{{string.Join(',', requests)}}],"config":{"item_ids":["request 0","request 1"]} }""");

        Assert.Equal("completed", job.Text("status"));
        foreach (var request in requests)
        {
            using var wanted = JsonDocument.Parse(request);
            Assert.Contains(host.Calls, call =>
            {
                using var sent = JsonDocument.Parse(call.Body);
                return JsonElement.DeepEquals(wanted.RootElement, sent.RootElement)
                    && wanted.RootElement.EnumerateObject().Select(field => field.Name + field.Value.GetRawText())
                        .SequenceEqual(sent.RootElement.EnumerateObject().Select(field => field.Name + field.Value.GetRawText()));
            });
        }

        Assert.Equal("-0.10", Tasks(job)[0].GetProperty("output_json").GetProperty("choices")[0].GetProperty("logprobs")
            .GetProperty("content")[0].GetProperty("logprob").GetRawText());
        var results = await host.Gateway.GetAsync($"/api/jobs/{job.Text("job_id")}/results?format=json");
        Assert.Equal(["request 0", "request 1"], results.GetProperty("data").EnumerateArray().Select(one => one.Text("item_id")));
        var sums = job.GetProperty("aggregate_results");
        Assert.Equal((14, 2), (sums.Whole("tokens"), sums.GetProperty("finish_reasons").Whole("tool_calls")));
    }

    [Fact]
    public async Task A_chat_that_stops_early_says_why_and_one_without_words_is_a_result_too()
    {
        await using var host = await ChatAsync();

        var job = await AskAsync(host, ["cut short", "filtered", "nothing"]);

        Assert.Equal("completed", job.Text("status"));
        var outputs = Tasks(job).Select(task => task.GetProperty("output_json")).ToList();
        Assert.Equal(["length", "content_filter", "length"], outputs.Select(output => output.Text("finish_reason")));
        Assert.True(outputs[2].IsNull("text"));
        Assert.Equal(2, job.GetProperty("aggregate_results").Whole("answers"));
    }

    /// <summary>Items, and the errors that their tasks end with.</summary>
    public static TheoryData<string, string> ChatFaults { get; } = new()
    {
        { "too long", "The service answered 400: This model's maximum context length is 4096 tokens." },
        { "vllm too long", "The service answered 400: Please reduce the length of the messages." },
        { "refused", "The service reports an error: I cannot help with that." },
    };

    [Theory]
    [MemberData(nameof(ChatFaults))]
    public async Task What_a_chat_refuses_fails_at_once_and_alone(string item, string error)
    {
        await using var host = await ChatAsync();

        var job = await AskAsync(host, ["hello", item]);

        Assert.Equal(["completed", "failed"], Tasks(job).Select(task => task.Text("state")));
        Assert.Equal(error, Tasks(job)[1].Text("error_message"));
        Assert.Equal(2, host.Calls.Count);
    }

    [Fact]
    public async Task A_chat_without_the_model_or_with_a_wrong_key_says_so()
    {
        await using var host = await ChatAsync();
        var job = await host.RunAsync("/api/chat/job", """{"items":["hello"],"config":{"model":"large"}}""");
        Assert.Equal(
            "The service answered 404: The model `large` does not exist or you do not have access to it.",
            Tasks(job)[0].Text("error_message"));

        await using var stranger = await ChatAsync("sk-wrong");
        var refused = await AskAsync(stranger, ["hello"]);
        Assert.Equal("The service answered 401: Incorrect API key provided.", Tasks(refused)[0].Text("error_message"));
    }

    [Theory]
    [InlineData("busy once")]
    [InlineData("broken once")]
    [InlineData("loading once")]
    public async Task A_chat_that_is_busy_broken_or_loading_is_asked_again(string item)
    {
        await using var host = await ChatAsync();

        var job = await AskAsync(host, [item]);

        Assert.Equal("completed", job.Text("status"));
        Assert.Equal(2, host.Calls.Count);
        var ledger = host.Service.Ledger.Calls;
        if (item == "busy once") Assert.True(ledger[1].StartedAt - ledger[0].EndedAt >= TimeSpan.FromMilliseconds(999));
    }

    [Fact]
    public async Task A_chat_that_stays_broken_ends_with_its_words()
    {
        await using var host = await ChatAsync();

        var job = await AskAsync(host, ["broken"], "\"max_retries\":1");

        Assert.Equal(
            "The service answered 500: The server had an error while processing your request.", Tasks(job)[0].Text("error_message"));
        Assert.Equal(2, host.Calls.Count);
    }

    [Fact]
    public async Task A_recording_becomes_text()
    {
        await using var host = await WhisperAsync();

        var job = await TranscribeAsync(host, ["good morning", "good night"]);

        Assert.Equal(
            ["""{"text":"good morning"}""", """{"text":"good night"}"""],
            Tasks(job).Select(task => task.GetProperty("output_json").GetRawText()));
        Assert.Equal(2, job.GetProperty("aggregate_results").Whole("recordings"));
        // A server finds the language out by itself, unless one says it; an empty one would be refused.
        Assert.All(host.Calls, call => Assert.DoesNotContain("language", call.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Verbose_answers_bring_language_duration_and_segments()
    {
        await using var host = await WhisperAsync();

        var job = await TranscribeAsync(host, ["good morning"], "\"response_format\":\"verbose_json\",\"language\":\"en\"");

        var output = Tasks(job)[0].GetProperty("output_json");
        Assert.Equal(("good morning", "english", 1.5), (output.Text("text"), output.Text("language"), output.Number("duration")));
        Assert.Equal("good morning", output.GetProperty("segments")[0].Text("text"));
        Assert.Equal(1.5, job.GetProperty("aggregate_results").Number("seconds"));
    }

    [Theory]
    [InlineData("too large", "The service answered 413: Maximum content size limit (26214400) exceeded")]
    [InlineData("fastapi", "The service answered 422: Failed to decode audio.")]
    [InlineData("whisper.cpp", "The service answered 400: failed to read audio data")]
    public async Task A_recording_that_is_refused_fails_alone_with_the_servers_words(string recording, string error)
    {
        await using var host = await WhisperAsync();

        var job = await TranscribeAsync(host, ["good morning", recording]);

        Assert.Equal(["completed", "failed"], Tasks(job).Select(task => task.Text("state")));
        Assert.Equal(error, Tasks(job)[1].Text("error_message"));
        Assert.Equal(2, host.Calls.Count);
    }

    [Theory]
    [InlineData("busy once")]
    [InlineData("broken once")]
    public async Task A_transcription_that_is_busy_or_broken_is_asked_again(string recording)
    {
        await using var host = await WhisperAsync();

        var job = await TranscribeAsync(host, [recording]);

        Assert.Equal(recording, Tasks(job)[0].GetProperty("output_json").Text("text"));
        Assert.Equal(2, host.Calls.Count);
    }

    [Fact]
    public async Task A_transcription_with_an_unknown_model_says_so()
    {
        await using var host = await WhisperAsync();

        var job = await TranscribeAsync(host, ["good morning"], "\"model\":\"whisper-9\"");

        Assert.Equal("The service answered 404: Model 'whisper-9' not found", Tasks(job)[0].Text("error_message"));
    }

    private static async Task<ServiceHost> ChatAsync(string key = ScriptedChatFake.Key)
    {
        var host = await ServiceHost.StartAsync(Shipped("chat"), new() { ["CHAT_API_KEY"] = key }, "CHAT_API_URL");
        host.Service.Script = ScriptedChatFake.Answer;
        return host;
    }

    private static async Task<ServiceHost> WhisperAsync()
    {
        var host = await ServiceHost.StartAsync(
            Shipped("transcription"), new() { ["TRANSCRIPTION_API_KEY"] = ScriptedWhisperFake.Key }, "TRANSCRIPTION_API_URL");
        host.Service.Script = ScriptedWhisperFake.Answer;
        return host;
    }

    private static Task<JsonElement> AskAsync(ServiceHost host, IReadOnlyList<string> items, string config = "\"system\":\"Hi.\"") =>
        host.RunAsync("/api/chat/job", $$$"""{"items":{{{JsonSerializer.Serialize(items)}}},"config":{"model":"small",{{{config}}}}}""");

    private static Task<JsonElement> TranscribeAsync(ServiceHost host, IReadOnlyList<string> recordings, string config = "") =>
        host.RunAsync(
            "/api/transcription/batch",
            $$$"""{"items":{{{JsonSerializer.Serialize(recordings.Select(ScriptedWhisperFake.Recording).Select(Convert.ToBase64String))}}},"config":{{{{config}}}}}""");

    private static List<JsonElement> Tasks(JsonElement job) => [.. job.GetProperty("tasks").EnumerateArray()];

    private static string Shipped(string name)
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "StashAI.slnx"))) at = at.Parent;
        return File.ReadAllText(Path.Combine(at!.FullName, "services", name + ".yaml"));
    }
}
