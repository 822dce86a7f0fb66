using System.Text.Json;
using System.Text.Json.Nodes;
using StashAI.Adapters.Http.Schemas;

namespace StashAI.Adapters.Http.Messages;

/// <summary>
/// Makes a request in the form of OpenAI's <c>/v1/chat/completions</c> of one in the form of Anthropic's <c>/v1/messages</c>. What has no
/// counterpart is refused by name.
/// </summary>
/// <param name="speaks">What the service understands besides text.</param>
internal sealed class ChatRequest(MappedFeatures speaks)
{
    private readonly MappingFaults faults = new();
    private ToolTurns? turns;

    private ToolTurns Turns => turns ??= new ToolTurns(faults);

    /// <summary>The mapped request.</summary>
    /// <param name="request">A request in Anthropic's form, UTF-8 JSON.</param>
    /// <param name="speaks">What the service understands besides text.</param>
    /// <param name="isStream">True for an answer in pieces.</param>
    /// <exception cref="FormatException">Something has no counterpart; the message names every such field.</exception>
    public static byte[] Of(ReadOnlyMemory<byte> request, MappedFeatures speaks, bool isStream)
    {
        using var document = JsonDocument.Parse(request);
        var mapping = new ChatRequest(speaks);
        var mapped = mapping.Map(document.RootElement, isStream);
        mapping.faults.ThrowIfAny();
        return JsonText.Write(json => mapped.WriteTo(json), MappedJson.Options);
    }

    private JsonObject Map(JsonElement root, bool isStream)
    {
        var fields = MappedFields.Of(
            root, "", faults, "model", "max_tokens", "messages", "system", "stop_sequences", "temperature", "top_p", "metadata", "tools",
            "tool_choice", "thinking", "stream");
        var chat = new JsonObject { ["model"] = fields.RequireText("model") };
        var messages = new JsonArray();
        chat["messages"] = messages;
        if (fields.Find("system") is { } system) MapSystem(system, messages);
        MapMessages(fields, messages);
        fields.Require("max_tokens");
        foreach (var name in (ReadOnlySpan<string>)["max_tokens", "temperature", "top_p"])
        {
            if (fields.Number(name) is { } number) chat[name] = JsonValue.Create(number);
        }

        var stops = fields.List("stop_sequences").Select(stop => MappedFields.TextOf(stop.Value, stop.Path, faults)).ToList();
        if (stops.Count > 0) chat["stop"] = new JsonArray([.. stops.Select(stop => (JsonNode?)stop)]);
        if (fields.Find("metadata") is { } metadata && MappedFields.Of(metadata, "metadata", faults, "user_id").Text("user_id") is { } user)
            chat["user"] = user;
        ChatTools.Map(fields, chat, faults, RequireTools);
        if (fields.Find("thinking") is { } thinking && MappedFields.Of(thinking, "thinking", faults, "type").Text("type") != "disabled")
            faults.Add("thinking", "has no counterpart in OpenAI's form, except for the type disabled: remove it");
        if (fields.Flag("stream") is true && !isStream) faults.Add("stream", "must not be true here");
        if (!isStream) return chat;
        chat["stream"] = true;
        chat["stream_options"] = new JsonObject { ["include_usage"] = true };
        return chat;
    }

    private void MapSystem(JsonElement system, JsonArray messages)
    {
        if (Content(system, "system", mayHaveImages: false) is { } content)
            messages.Add(new JsonObject { ["role"] = "system", ["content"] = content });
    }

    private void MapMessages(MappedFields fields, JsonArray messages)
    {
        if (fields.Require("messages") is null) return;
        var role = "";
        var last = "messages";
        foreach (var (value, path) in fields.List("messages"))
        {
            var message = MappedFields.Of(value, path, faults, "role", "content");
            (role, last) = (message.RequireText("role") ?? "", path);
            if (message.Require("content") is not { } content) continue;
            switch (role)
            {
                case "user":
                    MapUser(content, message.At("content"), messages);
                    break;
                case "assistant":
                    MapAssistant(content, message.At("content"), messages);
                    break;
                case { Length: > 0 }:
                    faults.Add(message.At("role"), $"'{Excerpt.Of(role)}' is not valid: use user or assistant");
                    break;
            }
        }

        if (role.Length == 0) faults.Add("messages", "must not be empty");
        if (role == "user") Turns.End(last);
        if (role == "assistant")
            faults.Add(last, "is of the assistant, and nothing in OpenAI's form continues it: end with a user message");
    }

    /// <summary>Results of tools are messages of their own; they and what stands around them keep their order.</summary>
    private void MapUser(JsonElement content, string path, JsonArray messages)
    {
        if (content.ValueKind != JsonValueKind.Array)
        {
            Turns.Other(path);
            if (MappedFields.TextOf(content, path, faults) is { } text)
                messages.Add(new JsonObject { ["role"] = "user", ["content"] = text });
            return;
        }

        var parts = new List<JsonObject>();
        foreach (var (block, at) in Elements(content, path))
        {
            if (TypeOf(block) != "tool_result")
            {
                Turns.Other(at);
                if (Part(block, at, mayHaveImages: true) is { } part) parts.Add(part);
                continue;
            }

            EndUser();
            if (Result(block, at) is { } result) messages.Add(result);
        }

        EndUser();

        void EndUser()
        {
            if (parts.Count > 0) messages.Add(new JsonObject { ["role"] = "user", ["content"] = Joined(parts) });
            parts = [];
        }
    }

    private JsonObject? Result(JsonElement block, string path)
    {
        var fields = MappedFields.Of(block, path, faults, "type", "tool_use_id", "content", "is_error");
        RequireTools(path);
        if (fields.Flag("is_error") is true)
            faults.Add(fields.At("is_error"), "has no counterpart in OpenAI's form: say so in the content, and remove it");
        var content = fields.Find("content") is { } given ? Content(given, fields.At("content"), mayHaveImages: false) : "";
        var call = fields.RequireText("tool_use_id");
        Turns.Result(call, fields.At("tool_use_id"));
        return call is { } id && content is not null
            ? new JsonObject { ["role"] = "tool", ["tool_call_id"] = id, ["content"] = content }
            : null;
    }

    private void MapAssistant(JsonElement content, string path, JsonArray messages)
    {
        Turns.BeginAssistant(path);
        var mapped = new JsonObject { ["role"] = "assistant" };
        messages.Add(mapped);
        if (content.ValueKind != JsonValueKind.Array)
        {
            mapped["content"] = MappedFields.TextOf(content, path, faults);
            return;
        }

        var parts = new List<JsonObject>();
        var calls = new JsonArray();
        foreach (var (block, at) in Elements(content, path))
        {
            if (TypeOf(block) == "tool_use")
            {
                calls.Add(Call(block, at));
            }
            else if (Part(block, at, mayHaveImages: false) is { } part)
            {
                if (calls.Count > 0) faults.Add(at, "is behind a tool_use, and OpenAI's form has texts before it only: put it first");
                parts.Add(part);
            }
        }

        mapped["content"] = parts.Count > 0 ? Joined(parts) : null;
        if (calls.Count > 0) mapped["tool_calls"] = calls;
    }

    private JsonObject Call(JsonElement block, string path)
    {
        var fields = MappedFields.Of(block, path, faults, "type", "id", "name", "input");
        RequireTools(path);
        var input = fields.Require("input");
        var id = fields.RequireText("id");
        Turns.Call(id, fields.At("id"));
        if (input is { ValueKind: not JsonValueKind.Object }) faults.Add(fields.At("input"), "must be an object");
        return new JsonObject
        {
            ["id"] = id,
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = fields.RequireText("name"), ["arguments"] = input?.GetRawText() },
        };
    }

    /// <summary>A text or blocks; null, with a fault, for what has no content.</summary>
    private JsonNode? Content(JsonElement content, string path, bool mayHaveImages)
    {
        if (content.ValueKind != JsonValueKind.Array) return MappedFields.TextOf(content, path, faults);
        List<JsonObject> parts = [.. Elements(content, path).Select(one => Part(one.Value, one.Path, mayHaveImages)).OfType<JsonObject>()];
        return parts.Count > 0 ? Joined(parts) : null;
    }

    private IEnumerable<(JsonElement Value, string Path)> Elements(JsonElement list, string path)
    {
        if (list.GetArrayLength() == 0) faults.Add(path, "must not be empty");
        return list.EnumerateArray().Select((value, index) => (value, $"{path}[{index}]"));
    }

    /// <summary>One text is a text: not every server understands parts.</summary>
    private static JsonNode Joined(List<JsonObject> parts) =>
        parts is [var only] && only["text"] is { } text ? text.DeepClone() : new JsonArray([.. parts]);

    /// <summary>A text or a picture; null, with a fault, for anything else.</summary>
    private JsonObject? Part(JsonElement block, string path, bool mayHaveImages)
    {
        switch (TypeOf(block))
        {
            case "text":
                return new JsonObject
                {
                    ["type"] = "text",
                    ["text"] = MappedFields.Of(block, path, faults, "type", "text").RequireText("text"),
                };
            case "image" when mayHaveImages:
                if (!speaks.Images)
                    faults.Add(path, "is an image, and the service does not say that it speaks images: remove it, or declare it");
                return MappedFields.Of(block, path, faults, "type", "source").Require("source") is { } source
                    ? Image(source, $"{path}.source")
                    : null;
            case var type:
                faults.Add(
                    block.ValueKind == JsonValueKind.Object ? $"{path}.type" : path,
                    type is null
                        ? "is missing: a block has a type"
                        : $"'{Excerpt.Of(type)}' has no counterpart in OpenAI's form here: remove the block");
                return null;
        }
    }

    private JsonObject? Image(JsonElement source, string path)
    {
        var fields = MappedFields.Of(source, path, faults, "type", "media_type", "data", "url");
        string? url = null;
        switch (fields.RequireText("type"))
        {
            case "base64":
                var (media, data) = (fields.RequireText("media_type"), fields.RequireText("data"));
                if (media is not null && data is not null) url = $"data:{media};base64,{data}";
                if (fields.Find("url") is not null) faults.Add(fields.At("url"), "belongs to the type url: remove it");
                break;
            case "url":
                url = fields.RequireText("url");
                foreach (var name in (ReadOnlySpan<string>)["media_type", "data"])
                {
                    if (fields.Find(name) is not null) faults.Add(fields.At(name), "belongs to the type base64: remove it");
                }

                break;
            case { } type:
                faults.Add(fields.At("type"), $"'{Excerpt.Of(type)}' has no counterpart in OpenAI's form: use base64 or url");
                break;
        }

        return url is null ? null : new JsonObject { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = url } };
    }

    private void RequireTools(string path)
    {
        if (!speaks.Tools) faults.Add(path, "is about tools, and the service does not say that it speaks tools: remove it, or declare it");
    }

    private static string? TypeOf(JsonElement block) => block.ValueKind == JsonValueKind.Object
        && block.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null;
}
