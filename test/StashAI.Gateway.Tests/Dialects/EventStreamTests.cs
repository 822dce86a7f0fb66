using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using StashAI.Adapters.Http;
using StashAI.Adapters.Http.Calls;
using StashAI.Adapters.Http.Costs;
using StashAI.Adapters.Http.Events;
using StashAI.Adapters.Http.Messages;
using StashAI.Adapters.Http.Secrets;

namespace StashAI.Gateway.Tests.Dialects;

/// <summary>Streams of events that arrive in pieces of any size: what passes is the events before the first fault, and no more.</summary>
public sealed class EventStreamTests
{
    private static readonly DeclaredRules Rules = new DeclaredRules().ForDialect();

    private static readonly string[] Good =
    [
        "data: {\"n\":1}", ": wait", "event: x\ndata: {\"n\":2}", "id: 7\ndata:{\"n\":3}", "data: {\"a\":\ndata: 1}",
        "data: {\"error\":null}",
    ];

    private static readonly string[] Faults =
    [
        "data: {\"error\":{\"message\":\"x\"}}", "data: {\"error\":\"x\"}", "data: x", "event: error\ndata: {\"type\":\"error\"}",
        "data: {\"n\":",
    ];

    [Fact]
    public async Task Whole_events_pass_until_the_first_fault() => await Gen.Int.SampleAsync(
        async seed =>
        {
            var random = new Random(seed);
            var text = new StringBuilder(random.Next(4) == 0 ? "\n" : "");
            var end = random.Next(3) switch { 0 => "\n", 1 => "\r\n", _ => "\r" };
            var count = random.Next(6);
            var fault = random.Next(12);
            var hasEnd = random.Next(3) > 0;
            var expected = "";
            for (var i = 0; i < count; i++)
            {
                if (i == fault) expected = text.ToString();
                var one = i == fault ? Faults[random.Next(Faults.Length)] : Good[random.Next(Good.Length)];
                text.Append(one.Replace("\n", end, StringComparison.Ordinal)).Append(end).Append(end);
            }

            if (hasEnd) text.Append("data: [DONE]").Append(random.Next(2) == 0 ? end + end : "");
            if (fault >= count) expected = text.ToString();
            var passed = new StringBuilder();
            var stream = new EventStream(EventForms.Chat, Rules);
            var lines = new AnswerLines(
                SecretMask.None,
                (piece, _) =>
                {
                    passed.Append(Encoding.UTF8.GetString(piece.Span));
                    return ValueTask.CompletedTask;
                },
                stream);

            var isFaulty = await FeedAsync(lines, Encoding.UTF8.GetBytes(text.ToString()), random);

            // A blank line before the first event is not passed on.
            Assert.Equal(expected.TrimStart('\n'), passed.ToString());
            Assert.Equal(fault < count, isFaulty);
            if (!isFaulty) Assert.Equal(hasEnd, stream.IsWhole);
        },
        iter: 2000);

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Tokens_and_messages_are_read_whatever_ends_the_lines(string end)
    {
        string[] data =
        [
            """{"choices":[{"index":0,"delta":{"content":"x"},"finish_reason":"stop"}]}""",
            """{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}""", "[DONE]",
        ];
        var events = Encoding.UTF8.GetBytes(string.Concat(data.Select(one => $"data: {one}{end}{end}")));
        var usage = new UsageReader();

        usage.Read(events);
        var mapped = MessageStream.Begin("{}"u8.ToArray())(events);

        Assert.Equal(new TokenUsage(3, 0, 0, 2), usage.Usage);
        Assert.Contains("event: message_stop", Encoding.UTF8.GetString(mapped.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_as_events_adds_up_to_itself()
    {
        var chat = JsonNode.Parse(Text(EventForms.Chat, """
            {"id":"c","object":"chat.completion","choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant",
             "content":"a\n","tool_calls":[{"id":"t","type":"function","function":{"name":"n","arguments":"{}"}}]}}],"usage":{"x":1.50}}
            """)[0])!;
        Assert.Equal(
            """{"role":"assistant","content":"a\n","tool_calls":[{"id":"t","type":"function","function":{"name":"n","arguments":"{}"},"index":0}]}""",
            chat["choices"]![0]!["delta"]!.ToJsonString());
        Assert.Equal("""{"x":1.50}""", chat["usage"]!.ToJsonString());

        var done = JsonNode.Parse(Text(EventForms.Transcription, """{"text":"The house is blue."}""")[0])!;
        Assert.Equal(("transcript.text.done", "The house is blue."), ((string?)done["type"], (string?)done["text"]));

        var message = Text(EventForms.Messages, """
            {"id":"m","type":"message","role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"s"},
             {"type":"text","text":"a"},{"type":"tool_use","id":"t","name":"n","input":{"b":1}},{"type":"redacted_thinking","data":"x"}],
             "stop_reason":"tool_use","stop_sequence":null,"usage":{"output_tokens":2}}
            """).Select(one => JsonNode.Parse(one)!).ToList();
        Assert.Equal(
            ["hm", "s", "a", """{"b":1}"""],
            message.Select(one => one["delta"]).OfType<JsonObject>()
                .Select(delta => (string?)(delta["thinking"] ?? delta["signature"] ?? delta["text"] ?? delta["partial_json"]))
                .OfType<string>());
        Assert.Equal(4, message.Count(one => (string?)one["type"] == "content_block_start"));
        Assert.Equal("x", (string?)message.Last(one => one["content_block"] is not null)["content_block"]!["data"]);
        Assert.Equal("tool_use", (string?)message[^2]["delta"]!["stop_reason"]);
    }

    [Theory]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""{"choices":[1]}""")]
    [InlineData("""{"choices":[{"text":"x"}]}""")]
    [InlineData("""{"choices":[{"message":{"role":"a","role":"b"}}]}""")]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("[]")]
    public void An_answer_of_another_form_has_no_events(string answer)
    {
        using var document = System.Text.Json.JsonDocument.Parse(answer);

        var events = EventForms.Chat.EventsOf(document.RootElement);

        // Two fields of one name are the client's to judge, as in an answer that is passed on as it is.
        if (events is not null) Assert.Contains("\"role\":\"a\"", Encoding.UTF8.GetString(events), StringComparison.Ordinal);
    }

    /// <summary>Most items are not parsed for it, but the name may be written with escapes.</summary>
    [Theory]
    [InlineData("""{"stream":true}""", true)]
    [InlineData("""{"a":"\u0020","stream": true}""", true)]
    [InlineData("""{"\u0073tream":true}""", true)]
    [InlineData("""{"str\u0065am":"true"}""", true)]
    [InlineData("""{"stream":false}""", false)]
    [InlineData("""{"body":{"stream":true}}""", false)]
    [InlineData("""{"text":"\"stream\":true"}""", false)]
    [InlineData("""{"stream_options":null}""", false)]
    [InlineData("""{"model":"m"}""", false)]
    [InlineData("", false)]
    public void An_item_asks_for_a_stream_by_its_own_field_only(string item, bool asks) =>
        Assert.Equal(asks, EventForm.IsAskedBy(Encoding.UTF8.GetBytes(item)));

    /// <summary>The data of the events of an answer.</summary>
    private static List<string> Text(EventForm form, string answer)
    {
        using var document = System.Text.Json.JsonDocument.Parse(answer);
        return
        [
            .. Encoding.UTF8.GetString(form.EventsOf(document.RootElement)!).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
                .Select(one => one[(one.IndexOf("data: ", StringComparison.Ordinal) + "data: ".Length)..]),
        ];
    }

    /// <summary>Feeds bytes in pieces of random sizes; true when an event is a fault.</summary>
    private static async Task<bool> FeedAsync(AnswerLines lines, byte[] bytes, Random random)
    {
        try
        {
            for (var at = 0; at < bytes.Length;)
            {
                var length = Math.Min(random.Next(1, 40), bytes.Length - at);
                await lines.AddAsync(bytes.AsMemory(at, length), TestContext.Current.CancellationToken);
                at += length;
            }

            await lines.EndAsync(TestContext.Current.CancellationToken);
            return false;
        }
        catch (EventFault)
        {
            return true;
        }
    }
}
