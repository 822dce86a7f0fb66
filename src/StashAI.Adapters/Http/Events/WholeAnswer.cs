using System.Text.Json;
using System.Text.Json.Nodes;
using StashAI.Adapters.Http.Messages;

namespace StashAI.Adapters.Http.Events;

/// <summary>
/// Makes events of an answer that came as one JSON object although a stream was asked for: the SDKs read nothing else then. Null for an
/// answer that has another form.
/// </summary>
internal static class WholeAnswer
{
    /// <summary>A chat completion as a chunk with all of its choices.</summary>
    public static byte[]? OfChat(JsonElement answer)
    {
        if (Choices(answer) is not { } choices || !choices.All(choice => choice["message"] is JsonObject)) return null;
        foreach (var choice in choices)
        {
            var delta = choice["message"]!.AsObject();
            choice.Remove("message");
            choice["delta"] = delta;
            if (delta["tool_calls"] is not JsonArray calls) continue;
            // In chunks, calls are told apart by their place.
            for (var i = 0; i < calls.Count; i++)
            {
                if (calls[i] is JsonObject call && call["index"] is null) call["index"] = i;
            }
        }

        var chunk = Begun(answer, choices);
        chunk["object"] = "chat.completion.chunk";
        return Events([(null, chunk)], isDone: true);
    }

    /// <summary>A completion, whose chunks have the same form.</summary>
    public static byte[]? OfCompletion(JsonElement answer) =>
        Choices(answer) is { } choices && choices.All(choice => choice["text"] is JsonValue)
            ? Events([(null, Begun(answer, choices))], isDone: true)
            : null;

    /// <summary>A transcription as its last event.</summary>
    public static byte[]? OfTranscription(JsonElement answer)
    {
        if (MessageAnswer.Text(answer, "text") is null || MappedJson.Node(answer) is not JsonObject done) return null;
        done["type"] = "transcript.text.done";
        return Events([(null, done)], isDone: true);
    }

    /// <summary>A message of Anthropic's API as its events.</summary>
    public static byte[]? OfMessage(JsonElement answer)
    {
        if (MappedJson.Node(answer) is not JsonObject message || message["content"] is not JsonArray content
            || MessageAnswer.Text(answer, "type") != "message" || content.Any(block => block is not JsonObject))
        {
            return null;
        }

        var events = new List<(string? Name, JsonObject Data)>();
        var begun = message.DeepClone().AsObject();
        begun["content"] = new JsonArray();
        begun["stop_reason"] = null;
        begun["stop_sequence"] = null;
        Add("message_start", new JsonObject { ["message"] = begun });
        for (var i = 0; i < content.Count; i++)
        {
            var block = content[i]!.DeepClone().AsObject();
            List<JsonObject> deltas = [.. Deltas(block)];
            Add("content_block_start", new JsonObject { ["index"] = i, ["content_block"] = block });
            foreach (var delta in deltas) Add("content_block_delta", new JsonObject { ["index"] = i, ["delta"] = delta });
            Add("content_block_stop", new JsonObject { ["index"] = i });
        }

        Add("message_delta", new JsonObject
        {
            ["delta"] = new JsonObject
            {
                ["stop_reason"] = message["stop_reason"]?.DeepClone(),
                ["stop_sequence"] = message["stop_sequence"]?.DeepClone(),
            },
            ["usage"] = message["usage"]?.DeepClone() ?? new JsonObject { ["output_tokens"] = 0 },
        });
        Add("message_stop", []);
        return Events(events, isDone: false);

        void Add(string name, JsonObject data)
        {
            data.Insert(0, "type", name);
            events.Add((name, data));
        }
    }

    /// <summary>Takes out of a block what its events bring piece by piece. Blocks of other types come whole at their beginning.</summary>
    private static IEnumerable<JsonObject> Deltas(JsonObject block)
    {
        switch ((string?)block["type"])
        {
            case "text" when block["text"] is { } text:
                block["text"] = "";
                yield return new JsonObject { ["type"] = "text_delta", ["text"] = text.DeepClone() };
                break;
            case "thinking" when block["thinking"] is { } thinking:
                var signature = block["signature"];
                block["thinking"] = "";
                block["signature"] = "";
                yield return new JsonObject { ["type"] = "thinking_delta", ["thinking"] = thinking.DeepClone() };
                if (signature is not null)
                    yield return new JsonObject { ["type"] = "signature_delta", ["signature"] = signature.DeepClone() };
                break;
            case "tool_use" or "server_tool_use" when block["input"] is { } input:
                block["input"] = new JsonObject();
                yield return new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = input.ToJsonString() };
                break;
            default:
                break;
        }
    }

    /// <summary>A copy of the choices; null for an answer without any.</summary>
    private static List<JsonObject>? Choices(JsonElement answer) =>
        MessageAnswer.Member(answer, "choices") is { ValueKind: JsonValueKind.Array } choices && choices.GetArrayLength() > 0
            && choices.EnumerateArray().All(choice => choice.ValueKind == JsonValueKind.Object)
            ? [.. choices.EnumerateArray().Select(choice => MappedJson.Node(choice)!.AsObject())]
            : null;

    private static JsonObject Begun(JsonElement answer, List<JsonObject> choices)
    {
        var chunk = MappedJson.Node(answer)!.AsObject();
        chunk["choices"] = new JsonArray([.. choices]);
        return chunk;
    }

    private static byte[] Events(IEnumerable<(string? Name, JsonObject Data)> events, bool isDone)
    {
        using var bytes = new MemoryStream();
        foreach (var (name, data) in events)
        {
            if (name is not null) bytes.Write(System.Text.Encoding.UTF8.GetBytes($"event: {name}\n"));
            bytes.Write("data: "u8);
            bytes.Write(JsonText.Write(json => data.WriteTo(json), MappedJson.Options));
            bytes.Write("\n\n"u8);
        }

        if (isDone) bytes.Write("data: [DONE]\n\n"u8);
        return bytes.ToArray();
    }
}
