using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using StashAI.Adapters.Http.Messages;
using StashAI.Sdk;

namespace StashAI.Gateway.Tests.Dialects.Anthropic;

/// <summary>Streams of OpenAI's form as events of Anthropic's: put together again, they are the message that they were.</summary>
public sealed class StreamMappingTests
{
    private static readonly byte[] Asked = """{"model":"asked"}"""u8.ToArray();

    [Fact]
    public void Events_add_up_to_the_message_however_the_lines_arrive() => Gen.Int.Sample(
        seed =>
        {
            var random = new Random(seed);
            var (message, completion) = new MessageShapes(random).Answer();
            var lines = string.Concat(Chunks(completion, random).Append("[DONE]").Select(chunk => $"data: {chunk}\n\n"));
            var map = MessageStream.Begin(Asked);
            var events = new StringBuilder();
            for (var at = 0; at < lines.Length;)
            {
                // Whole lines, as many as it may be.
                var end = lines.IndexOf('\n', Math.Min(lines.Length - 1, at + random.Next(200))) + 1;
                events.Append(Encoding.UTF8.GetString(map(Encoding.UTF8.GetBytes(lines[at..end])).Span));
                at = end;
            }

            Assert.Equal(message.ToJsonString(), Message(events.ToString()).ToJsonString());
            var whole = Assert.IsType<TaskOutcome.Completed>(Of(lines));
            Assert.Equal(events.ToString(), JsonNode.Parse(whole.Output.Span)!.GetValue<string>());
        },
        iter: 300);

    [Theory]
    [InlineData("data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n", "ends without data: [DONE]")]
    [InlineData("data: [DONE]\n\n", "no chunks")]
    [InlineData("data: {broken\n\ndata: [DONE]\n\n", "not JSON")]
    [InlineData("data: {\"error\":{\"message\":\"overloaded\"}}\n\n", "overloaded")]
    [InlineData("data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0}]}}]}\n\n", "no id")]
    [InlineData("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"abort\"}]}\n\ndata: [DONE]\n\n", "'abort'")]
    public void A_stream_that_breaks_off_or_has_no_counterpart_fails(string lines, string expected)
    {
        var outcome = Assert.IsType<TaskOutcome.Failed>(Of(lines));

        Assert.Equal(ErrorKind.InvalidAnswer, outcome.Kind);
        Assert.Contains(expected, outcome.Message, StringComparison.Ordinal);
    }

    private static TaskOutcome Of(string lines) =>
        MessageStream.Of(new TaskOutcome.Completed(JsonSerializer.SerializeToUtf8Bytes(lines), new CallReport(200)), Asked);

    /// <summary>The chunks of a completion, with its texts in pieces.</summary>
    private static IEnumerable<string> Chunks(JsonObject completion, Random random)
    {
        var choice = completion["choices"]![0]!;
        var message = choice["message"]!;
        yield return Chunk(new JsonObject { ["role"] = "assistant", ["content"] = "" });
        foreach (var piece in Pieces((string?)message["content"], random)) yield return Chunk(new JsonObject { ["content"] = piece });
        var index = 0;
        foreach (var call in message["tool_calls"]?.AsArray() ?? [])
        {
            yield return Chunk(Call(new JsonObject
            {
                ["index"] = index,
                ["id"] = call!["id"]!.DeepClone(),
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = call["function"]!["name"]!.DeepClone(), ["arguments"] = "" },
            }));
            foreach (var piece in Pieces((string?)call["function"]!["arguments"], random))
                yield return Chunk(Call(new JsonObject { ["index"] = index, ["function"] = new JsonObject { ["arguments"] = piece } }));
            index++;
        }

        yield return Chunk(new JsonObject(), choice["finish_reason"]?.DeepClone());
        yield return new JsonObject
        {
            ["id"] = "chatcmpl-1",
            ["model"] = "real",
            ["choices"] = new JsonArray(),
            ["usage"] = completion["usage"]!.DeepClone(),
        }.ToJsonString();
    }

    private static JsonObject Call(JsonObject call) => new() { ["tool_calls"] = new JsonArray(call) };

    private static string Chunk(JsonObject delta, JsonNode? finish = null) => new JsonObject
    {
        ["id"] = "chatcmpl-1",
        ["model"] = "real",
        ["usage"] = null,
        ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish }),
    }.ToJsonString();

    private static IEnumerable<string> Pieces(string? text, Random random)
    {
        // Half of a surrogate pair is no text.
        var runes = (text ?? "").EnumerateRunes().Select(rune => rune.ToString()).ToList();
        for (var at = 0; at < runes.Count;)
        {
            var count = random.Next(1, 4);
            yield return string.Concat(runes.Skip(at).Take(count));
            at += count;
        }
    }

    /// <summary>Puts events together as the SDKs do.</summary>
    private static JsonObject Message(string events)
    {
        var message = new JsonObject();
        var input = "";
        foreach (var one in events.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = one.Split('\n');
            var (name, data) = (lines[0]["event: ".Length..], JsonNode.Parse(lines[1]["data: ".Length..])!);
            Assert.Equal(name, (string)data["type"]!);
            var content = message["content"]?.AsArray();
            switch (name)
            {
                case "message_start":
                    message = data["message"]!.DeepClone().AsObject();
                    break;
                case "content_block_start":
                    Assert.Equal(content!.Count, (int)data["index"]!);
                    content.Add(data["content_block"]!.DeepClone());
                    input = "";
                    break;
                case "content_block_delta" when (string)data["delta"]!["type"]! == "text_delta":
                    content![^1]!["text"] = (string)content[^1]!["text"]! + (string)data["delta"]!["text"]!;
                    break;
                case "content_block_delta":
                    input += (string)data["delta"]!["partial_json"]!;
                    content![^1]!["input"] = null;
                    break;
                case "content_block_stop" when content![^1]!["type"]!.GetValue<string>() == "tool_use" && input.Length > 0:
                    content[^1]!["input"] = JsonNode.Parse(input);
                    break;
                case "message_delta":
                    message["stop_reason"] = data["delta"]!["stop_reason"]?.DeepClone();
                    message["stop_sequence"] = data["delta"]!["stop_sequence"]?.DeepClone();
                    message["usage"] = data["usage"]!.DeepClone();
                    break;
                case "content_block_stop" or "message_stop":
                    break;
                default:
                    Assert.Fail($"The event {name} is not known.");
                    break;
            }
        }

        Assert.EndsWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n", events);
        return message;
    }
}
