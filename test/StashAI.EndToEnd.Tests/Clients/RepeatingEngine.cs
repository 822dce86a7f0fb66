using System.Text.Json;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Clients;

/// <summary>
/// A scripted engine that speaks the routes of OpenAI and of Anthropic, and repeats the last message: <c>hold</c> gets no answer, and
/// <c>refused</c> is refused. A stream of <c>broken</c> ends with an error.
/// </summary>
internal static class RepeatingEngine
{
    public static async Task<ScriptedService> StartAsync(CancellationToken cancellationToken)
    {
        var engine = await ScriptedService.StartAsync(cancellationToken);
        engine.Script = Answer;
        return engine;
    }

    /// <summary>The answer of the route that was called.</summary>
    public static Reply Answer(ScriptedCall call) => call.Path switch
    {
        "/v1/messages" => AnswerMessage(call),
        "/v1/embeddings" => AnswerEmbeddings(call),
        _ => AnswerChat(call),
    };

    private static Reply AnswerMessage(ScriptedCall call)
    {
        var (text, isStream) = Read(call);
        if (isStream)
        {
            var pieces = text.Chunk(2).Select(piece => Event(
                "content_block_delta", $$""" "index":0,"delta":{"type":"text_delta","text":"{{new string(piece)}}"}"""));
            return Reply.Status(
                200,
                Event(
                    "message_start",
                    """
                    "message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":1}}
                    """)
                + Event("content_block_start", """ "index":0,"content_block":{"type":"text","text":""}""")
                + string.Concat(pieces)
                + Event("content_block_stop", """ "index":0""")
                + Event("message_delta", """ "delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":2}""")
                + "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
                contentType: "text/event-stream");
        }

        return text switch
        {
            "hold" => Reply.Hang(),
            "refused" => Reply.Json("""{"type":"error","error":{"type":"invalid_request_error","message":"Too long."}}""", 400),
            _ => Reply.Json($$"""
                {"id":"msg_1","type":"message","role":"assistant","model":"claude-x","stop_reason":"end_turn","stop_sequence":null,
                 "content":[{"type":"text","text":{{JsonSerializer.Serialize(text)}} }],"usage":{"input_tokens":3,"output_tokens":2} }
                """),
        };
    }

    private static Reply AnswerChat(ScriptedCall call)
    {
        var (text, isStream) = Read(call);
        if (isStream)
        {
            const string head = "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"small\",\"choices\":[";
            var pieces = text.Chunk(2).Select(piece => $"{head}{{\"index\":0,\"delta\":{{\"content\":\"{new string(piece)}\"}}}}]}}\n\n");
            if (text == "broken")
            {
                return Reply.Status(
                    200, pieces.First() + "data: {\"error\":{\"message\":\"Out of memory.\"}}\n\n", contentType: "text/event-stream");
            }

            return Reply.Status(
                200,
                string.Concat(pieces)
                + $"{head}{{\"index\":0,\"delta\":{{}},\"finish_reason\":\"stop\"}}]}}\n\n"
                + $"{head}],\"usage\":{{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}}}\n\ndata: [DONE]\n\n",
                contentType: "text/event-stream");
        }

        return text switch
        {
            "hold" => Reply.Hang(),
            "refused" => Reply.Json(
                """{"error":{"message":"Too long.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""",
                400),
            _ => Reply.Json($$"""
                {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"small","choices":[{"index":0,"finish_reason":"stop",
                 "message":{"role":"assistant","content":{{JsonSerializer.Serialize(text)}} } }],
                 "usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5} }
                """),
        };
    }

    /// <summary>A vector for each text, of its length, in the form that was asked for.</summary>
    private static Reply AnswerEmbeddings(ScriptedCall call)
    {
        using var document = JsonDocument.Parse(call.Body);
        var isPacked = document.RootElement.TryGetProperty("encoding_format", out var format) && format.GetString() == "base64";
        var input = document.RootElement.GetProperty("input");
        string[] texts = input.ValueKind == JsonValueKind.Array ? [.. input.EnumerateArray().Select(TextOf)] : [TextOf(input)];
        return Reply.Json(JsonSerializer.Serialize(new
        {
            @object = "list",
            model = "vectors",
            data = texts.Select((text, i) => new { @object = "embedding", index = i, embedding = VectorOf(text) }),
            usage = new { prompt_tokens = 3, total_tokens = 3 },
        }));

        static string TextOf(JsonElement text) => text.GetString()!;

        object VectorOf(string text)
        {
            float[] vector = [text.Length, 0.5f];
            return isPacked ? Convert.ToBase64String([.. vector.SelectMany(BitConverter.GetBytes)]) : vector;
        }
    }

    private static string Event(string name, string fields) => $"event: {name}\ndata: {{\"type\":\"{name}\",{fields}}}\n\n";

    private static (string Text, bool IsStream) Read(ScriptedCall call)
    {
        using var document = JsonDocument.Parse(call.Body);
        var content = document.RootElement.GetProperty("messages").EnumerateArray().Last().GetProperty("content");
        var text = content.ValueKind == JsonValueKind.String ? content : content.EnumerateArray().Last().GetProperty("text");
        return (text.GetString()!, document.RootElement.TryGetProperty("stream", out var stream) && stream.GetBoolean());
    }
}
