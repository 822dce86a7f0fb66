using System.Text.Json;
using System.Text.Json.Nodes;
using StashAI.Adapters.Http.Costs;
using StashAI.Adapters.Http.Schemas;
using StashAI.Sdk;

namespace StashAI.Adapters.Http.Messages;

/// <summary>Makes a message in Anthropic's form of a chat completion in OpenAI's.</summary>
internal static class MessageAnswer
{
    /// <summary>The outcome with its answer mapped; a failure for an answer that is no chat completion.</summary>
    /// <param name="answered">The answer of the service.</param>
    /// <param name="request">The request in Anthropic's form, UTF-8 JSON.</param>
    public static TaskOutcome Of(TaskOutcome.Completed answered, ReadOnlyMemory<byte> request)
    {
        using var answer = JsonDocument.Parse(answered.Output);
        using var asked = JsonDocument.Parse(request);
        try
        {
            var message = Map(answer.RootElement, asked.RootElement);
            return new TaskOutcome.Completed(JsonText.Write(json => message.WriteTo(json), MappedJson.Options), answered.Call);
        }
        catch (FormatException exception)
        {
            return new TaskOutcome.Failed(
                ErrorKind.InvalidAnswer, $"The service's answer is not a chat completion in OpenAI's form: {exception.Message}",
                answered.Call with { AnswerHead = JsonText.Head(answered.Output.Span) });
        }
    }

    /// <summary>The reason for which an answer ended, in Anthropic's words.</summary>
    /// <exception cref="FormatException">The reason is not known.</exception>
    public static string ReasonOf(string? finishReason) => finishReason switch
    {
        null or "stop" or "eos" => "end_turn",
        "length" => "max_tokens",
        "tool_calls" or "function_call" => "tool_use",
        "content_filter" => "refusal",
        _ => throw new FormatException($"the finish_reason '{Excerpt.Of(finishReason)}' is not known."),
    };

    /// <summary>The tokens of an answer. What was read from a cache is counted apart in Anthropic's form.</summary>
    /// <param name="usage">The usage in OpenAI's form; null where there is none.</param>
    public static JsonObject UsageOf(JsonElement? usage)
    {
        var prompt = Count(usage, "prompt_tokens") ?? 0;
        var cached = Member(usage, "prompt_tokens_details") is { } details ? Count(details, "cached_tokens") : null;
        return new JsonObject
        {
            ["input_tokens"] = Math.Max(0, prompt - (cached ?? 0)),
            ["cache_creation_input_tokens"] = null,
            ["cache_read_input_tokens"] = cached,
            ["output_tokens"] = Count(usage, "completion_tokens") ?? 0,
        };
    }

    /// <summary>A member that is not null; null for none, and where there is no object.</summary>
    public static JsonElement? Member(JsonElement? value, string name) =>
        value is { ValueKind: JsonValueKind.Object } parent
            && JsonText.FindMember(parent, name) is { ValueKind: not JsonValueKind.Null } found
            ? found
            : null;

    /// <summary>A text; null for any other type.</summary>
    public static string? Text(JsonElement? value, string name) =>
        Member(value, name) is { ValueKind: JsonValueKind.String } text ? JsonText.Of(text) : null;

    private static JsonObject Map(JsonElement answer, JsonElement asked)
    {
        if (Member(answer, "choices") is not { ValueKind: JsonValueKind.Array } choices || choices.GetArrayLength() == 0)
            throw new FormatException("it has no choices.");
        var choice = choices[0];
        if (Member(choice, "message") is not { ValueKind: JsonValueKind.Object } message)
            throw new FormatException("choices[0] has no message.");
        var content = new JsonArray();
        AddTexts(message, content);
        var refusal = Text(message, "refusal");
        if (refusal is { Length: > 0 }) content.Add(TextBlock(refusal));
        AddCalls(message, content);
        // vLLM says which stop sequence it met.
        var stop = Text(choice, "stop_reason");
        return new JsonObject
        {
            ["id"] = Text(answer, "id") ?? "",
            ["type"] = "message",
            ["role"] = "assistant",
            ["model"] = Text(answer, "model") ?? Text(asked, "model") ?? "",
            ["content"] = content,
            ["stop_reason"] = refusal is { Length: > 0 } ? "refusal"
                : stop is not null ? "stop_sequence" : ReasonOf(Text(choice, "finish_reason")),
            ["stop_sequence"] = stop,
            ["usage"] = UsageOf(Member(answer, "usage")),
        };
    }

    private static void AddTexts(JsonElement message, JsonArray content)
    {
        switch (Member(message, "content"))
        {
            case null:
                return;
            case { ValueKind: JsonValueKind.String } text:
                if (JsonText.Of(text) is { Length: > 0 } whole) content.Add(TextBlock(whole));
                return;
            case { ValueKind: JsonValueKind.Array } parts:
                foreach (var part in parts.EnumerateArray())
                    content.Add(TextBlock(Text(part, "text") ?? throw new FormatException("a part of its content is no text.")));
                return;
            default:
                throw new FormatException("its content is neither a text nor a list.");
        }
    }

    private static void AddCalls(JsonElement message, JsonArray content)
    {
        if (Member(message, "tool_calls") is not { ValueKind: JsonValueKind.Array } calls) return;
        foreach (var call in calls.EnumerateArray())
        {
            var function = Member(call, "function");
            content.Add(new JsonObject
            {
                ["type"] = "tool_use",
                ["id"] = Text(call, "id") ?? throw new FormatException("a call of a tool has no id."),
                ["name"] = Text(function, "name") ?? throw new FormatException("a call of a tool has no name."),
                ["input"] = InputOf(Text(function, "arguments")),
            });
        }
    }

    private static JsonNode InputOf(string? arguments)
    {
        if (string.IsNullOrWhiteSpace(arguments)) return new JsonObject();
        try
        {
            return JsonNode.Parse(arguments) as JsonObject ?? throw new FormatException("the arguments of a tool are not an object.");
        }
        catch (JsonException)
        {
            throw new FormatException("the arguments of a tool are not JSON.");
        }
    }

    private static JsonObject TextBlock(string text) => new() { ["type"] = "text", ["text"] = text };

    private static long? Count(JsonElement? value, string name) =>
        Member(value, name) is { } count ? TokenCount.Of(count) : null;
}
