using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using StashAI.Sdk;

namespace StashAI.Adapters.Http.Messages;

/// <summary>
/// Makes the events of a message in Anthropic's form of the chunks of a chat completion in OpenAI's, while they arrive. Behind a chunk that
/// has no counterpart it makes no more events, and <see cref="IsWhole"/> stays false.
/// </summary>
/// <param name="model">The model that was asked, for services that do not name theirs.</param>
internal sealed class MessageStream(string model)
{
    private readonly ArrayBufferWriter<byte> events = new();
    private bool isBegun;
    private bool isEnded;
    private string? fault;
    private int block = -1;

    /// <summary>The call of a tool whose block is open, by its index among the calls; null for a text, and for none.</summary>
    private int? call;
    private bool isOpen;
    private bool isRefusal;
    private string? finishReason;
    private string? stopSequence;
    private JsonObject? usage;

    /// <summary>True when the answer ended as it should.</summary>
    public bool IsWhole => isEnded && fault is null;

    /// <summary>Makes a mapping for one answer: it takes whole lines, and returns the events that they make.</summary>
    /// <param name="request">The request in Anthropic's form, UTF-8 JSON.</param>
    public static Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> Begin(ReadOnlyMemory<byte> request) => For(request).Add;

    /// <summary>A whole answer, which is one JSON string; a failure for one that is no stream of a chat completion.</summary>
    /// <param name="answered">The answer of the service.</param>
    /// <param name="request">The request in Anthropic's form, UTF-8 JSON.</param>
    public static TaskOutcome Of(TaskOutcome.Completed answered, ReadOnlyMemory<byte> request)
    {
        using var answer = JsonDocument.Parse(answered.Output);
        var stream = For(request);
        var mapped = stream.Add(Encoding.UTF8.GetBytes(answer.RootElement.GetString()!));
        if (stream.IsWhole)
            return new TaskOutcome.Completed(JsonText.Write(json => json.WriteStringValue(mapped.Span), MappedJson.Options), answered.Call);
        return new TaskOutcome.Failed(
            ErrorKind.InvalidAnswer,
            $"The service's answer is not a stream in OpenAI's form: {stream.fault ?? "it ends without data: [DONE]."}",
            answered.Call with { AnswerHead = JsonText.Head(answered.Output.Span) });
    }

    private static MessageStream For(ReadOnlyMemory<byte> request)
    {
        using var document = JsonDocument.Parse(request);
        return new MessageStream(MessageAnswer.Text(document.RootElement, "model") ?? "");
    }

    /// <summary>Adds whole events; returns the events that they make, which are valid until the next call.</summary>
    private ReadOnlyMemory<byte> Add(ReadOnlyMemory<byte> lines)
    {
        events.ResetWrittenCount();
        foreach (var data in new EventData(lines.Span))
        {
            if (isEnded || fault is not null) break;
            if (data.TrimEnd((byte)' ').SequenceEqual("[DONE]"u8)) End();
            else AddChunk(data);
        }

        return events.WrittenMemory;
    }

    private void AddChunk(ReadOnlySpan<byte> data)
    {
        try
        {
            var reader = new Utf8JsonReader(data);
            using var document = JsonDocument.ParseValue(ref reader);
            AddChunk(document.RootElement);
        }
        catch (JsonException)
        {
            fault = "an event is not JSON.";
        }
        catch (FormatException exception)
        {
            fault = exception.Message;
        }
    }

    private void AddChunk(JsonElement chunk)
    {
        if (MessageAnswer.Member(chunk, "error") is { } error)
            throw new FormatException($"it has an error: {MessageAnswer.Text(error, "message") ?? error.GetRawText()}");
        Begin(chunk);
        if (MessageAnswer.Member(chunk, "usage") is { } counted) usage = MessageAnswer.UsageOf(counted);
        if (MessageAnswer.Member(chunk, "choices") is { ValueKind: JsonValueKind.Array } choices && choices.GetArrayLength() > 0)
            AddChoice(choices[0]);
    }

    private void AddChoice(JsonElement choice)
    {
        var delta = MessageAnswer.Member(choice, "delta");
        AddText(MessageAnswer.Text(delta, "content"));
        if (MessageAnswer.Text(delta, "refusal") is { Length: > 0 } refusal)
        {
            isRefusal = true;
            AddText(refusal);
        }

        if (MessageAnswer.Member(delta, "tool_calls") is { ValueKind: JsonValueKind.Array } calls)
        {
            foreach (var one in calls.EnumerateArray()) AddCall(one);
        }

        finishReason = MessageAnswer.Text(choice, "finish_reason") ?? finishReason;
        stopSequence = MessageAnswer.Text(choice, "stop_reason") ?? stopSequence;
    }

    private void Begin(JsonElement chunk)
    {
        if (isBegun) return;
        isBegun = true;
        Write("message_start", new JsonObject
        {
            ["message"] = new JsonObject
            {
                ["id"] = MessageAnswer.Text(chunk, "id") ?? "",
                ["type"] = "message",
                ["role"] = "assistant",
                ["model"] = MessageAnswer.Text(chunk, "model") ?? model,
                ["content"] = new JsonArray(),
                ["stop_reason"] = null,
                ["stop_sequence"] = null,
                // The tokens are known at the end.
                ["usage"] = MessageAnswer.UsageOf(null),
            },
        });
    }

    private void AddText(string? text)
    {
        if (text is not { Length: > 0 }) return;
        if (!isOpen || call is not null) Open(null, new JsonObject { ["type"] = "text", ["text"] = "" });
        WriteDelta(new JsonObject { ["type"] = "text_delta", ["text"] = text });
    }

    private void AddCall(JsonElement one)
    {
        var index = MessageAnswer.Member(one, "index") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value)
            ? value
            : (call ?? -1) + 1;
        var function = MessageAnswer.Member(one, "function");
        if (!isOpen || call != index)
        {
            Open(index, new JsonObject
            {
                ["type"] = "tool_use",
                ["id"] = MessageAnswer.Text(one, "id") ?? throw new FormatException("a call of a tool has no id, or goes on later."),
                ["name"] = MessageAnswer.Text(function, "name") ?? throw new FormatException("a call of a tool has no name."),
                ["input"] = new JsonObject(),
            });
        }

        if (MessageAnswer.Text(function, "arguments") is { Length: > 0 } arguments)
            WriteDelta(new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = arguments });
    }

    private void Open(int? index, JsonObject content)
    {
        Close();
        (isOpen, call, block) = (true, index, block + 1);
        Write("content_block_start", new JsonObject { ["index"] = block, ["content_block"] = content });
    }

    private void Close()
    {
        if (isOpen) Write("content_block_stop", new JsonObject { ["index"] = block });
        isOpen = false;
    }

    private void End()
    {
        if (!isBegun)
        {
            fault = "it has no chunks.";
            return;
        }

        try
        {
            var reason = isRefusal ? "refusal" : stopSequence is not null ? "stop_sequence" : MessageAnswer.ReasonOf(finishReason);
            Close();
            Write("message_delta", new JsonObject
            {
                ["delta"] = new JsonObject { ["stop_reason"] = reason, ["stop_sequence"] = stopSequence },
                ["usage"] = usage ?? MessageAnswer.UsageOf(null),
            });
            Write("message_stop", new JsonObject());
            isEnded = true;
        }
        catch (FormatException exception)
        {
            fault = exception.Message;
        }
    }

    private void WriteDelta(JsonObject delta) => Write("content_block_delta", new JsonObject { ["index"] = block, ["delta"] = delta });

    private void Write(string name, JsonObject fields)
    {
        fields.Insert(0, "type", name);
        events.Write(Encoding.UTF8.GetBytes($"event: {name}\ndata: "));
        events.Write(JsonText.Write(json => fields.WriteTo(json), MappedJson.Options));
        events.Write("\n\n"u8);
    }
}
