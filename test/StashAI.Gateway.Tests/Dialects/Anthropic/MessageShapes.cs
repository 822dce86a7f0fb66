using System.Text.Json.Nodes;

namespace StashAI.Gateway.Tests.Dialects.Anthropic;

/// <summary>
/// Makes requests and answers in Anthropic's form at random, and reads requests in OpenAI's form back by rules that know nothing of the
/// server's own.
/// </summary>
internal sealed class MessageShapes(Random random)
{
    private static readonly string[] Texts = ["", "hi", "a \"b\"\n", "ü😀", "{}", "data:", " "];

    /// <summary>A request of which every part has a counterpart.</summary>
    public JsonObject Request()
    {
        var request = new JsonObject { ["model"] = "m", ["max_tokens"] = random.Next(1, 9999), ["messages"] = Messages() };
        Perhaps(() => request["system"] = Coin() ? Text() : Blocks(TextBlock));
        Perhaps(() => request["stop_sequences"] = new JsonArray("END", Text()));
        Perhaps(() => request["temperature"] = JsonNode.Parse("0.70"));
        Perhaps(() => request["top_p"] = JsonNode.Parse("1e-1"));
        Perhaps(() => request["metadata"] = new JsonObject { ["user_id"] = "u" });
        Perhaps(() => request["thinking"] = new JsonObject { ["type"] = "disabled" });
        Perhaps(() => request["stream"] = false);
        Perhaps(() => request["service_tier"] = null);
        Perhaps(() =>
        {
            request["tools"] = Tools();
            Perhaps(() => request["tool_choice"] = Choice((string)request["tools"]![0]!["name"]!));
        });
        return request;
    }

    /// <summary>A message, and the chat completion that says the same.</summary>
    public (JsonObject Message, JsonObject Completion) Answer()
    {
        var (prompt, cached, output) = (random.Next(10, 99), random.Next(10), random.Next(99));
        var hasCache = Coin();
        var text = Coin() ? Text() : null;
        var content = new JsonArray();
        if (text is { Length: > 0 }) content.Add(new JsonObject { ["type"] = "text", ["text"] = text });
        var calls = new JsonArray();
        for (var i = random.Next(3); i > 0; i--)
        {
            var input = Input();
            content.Add(new JsonObject { ["type"] = "tool_use", ["id"] = $"c{i}", ["name"] = "n", ["input"] = input.DeepClone() });
            calls.Add(new JsonObject
            {
                ["id"] = $"c{i}",
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = "n", ["arguments"] = input.ToJsonString() },
            });
        }

        var (finish, reason) = ((string?, string)[])
            [("stop", "end_turn"), ("length", "max_tokens"), ("tool_calls", "tool_use"), ("content_filter", "refusal"), (null, "end_turn")]
            is var reasons ? reasons[random.Next(reasons.Length)] : default;
        var answer = new JsonObject { ["role"] = "assistant", ["content"] = text };
        if (calls.Count > 0 || Coin()) answer["tool_calls"] = calls;
        var usage = new JsonObject { ["prompt_tokens"] = prompt, ["completion_tokens"] = output, ["total_tokens"] = prompt + output };
        if (hasCache) usage["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = cached };
        return (
            new JsonObject
            {
                ["id"] = "chatcmpl-1",
                ["type"] = "message",
                ["role"] = "assistant",
                ["model"] = "real",
                ["content"] = content,
                ["stop_reason"] = reason,
                ["stop_sequence"] = null,
                ["usage"] = new JsonObject
                {
                    ["input_tokens"] = hasCache ? prompt - cached : prompt,
                    ["cache_creation_input_tokens"] = null,
                    ["cache_read_input_tokens"] = hasCache ? cached : null,
                    ["output_tokens"] = output,
                },
            },
            new JsonObject
            {
                ["id"] = "chatcmpl-1",
                ["object"] = "chat.completion",
                ["created"] = 1,
                ["model"] = "real",
                ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["message"] = answer, ["finish_reason"] = finish }),
                ["usage"] = usage,
            });
    }

    /// <summary>A request without what says nothing: every content is blocks, and fields that are the default are left out.</summary>
    public static JsonObject Plain(JsonObject request)
    {
        var plain = new JsonObject { ["model"] = request["model"]!.DeepClone(), ["max_tokens"] = request["max_tokens"]!.DeepClone() };
        plain["system"] = request["system"] is { } system ? PlainContent(system) : null;
        plain["messages"] = new JsonArray([.. request["messages"]!.AsArray().Select(message => (JsonNode)new JsonObject
        {
            ["role"] = message!["role"]!.DeepClone(), ["content"] = PlainContent(message["content"]!),
        })]);
        foreach (var name in (string[])["stop_sequences", "temperature", "top_p", "metadata"]) plain[name] = request[name]?.DeepClone();
        plain["tools"] = request["tools"] is { } tools
            ? new JsonArray([.. tools.AsArray().Select(tool => (JsonNode)new JsonObject
            {
                ["name"] = tool!["name"]!.DeepClone(), ["description"] = tool["description"]?.DeepClone(),
                ["input_schema"] = tool["input_schema"]!.DeepClone(),
            })])
            : null;
        plain["tool_choice"] = request["tool_choice"]?.DeepClone();
        return plain;
    }

    /// <summary>A request in OpenAI's form, read back into <see cref="Plain"/>.</summary>
    public static JsonObject FromChat(JsonObject chat)
    {
        JsonArray? system = null;
        var messages = new JsonArray();
        foreach (var message in chat["messages"]!.AsArray())
        {
            var role = (string)message!["role"]!;
            if (role == "system")
            {
                system = Parts(message["content"]!);
                continue;
            }

            var sender = role == "assistant" ? "assistant" : "user";
            if (messages.Count == 0 || (string)messages[^1]!["role"]! != sender)
                messages.Add(new JsonObject { ["role"] = sender, ["content"] = new JsonArray() });
            var content = messages[^1]!["content"]!.AsArray();
            if (role == "tool")
            {
                content.Add(new JsonObject
                {
                    ["type"] = "tool_result",
                    ["tool_use_id"] = message["tool_call_id"]!.DeepClone(),
                    ["content"] = Parts(message["content"]!),
                });
                continue;
            }

            if (message["content"] is { } said)
            {
                foreach (var part in Parts(said)) content.Add(part!.DeepClone());
            }

            foreach (var call in message["tool_calls"]?.AsArray() ?? [])
            {
                var function = call!["function"]!;
                content.Add(new JsonObject
                {
                    ["type"] = "tool_use",
                    ["id"] = call["id"]!.DeepClone(),
                    ["name"] = function["name"]!.DeepClone(),
                    ["input"] = JsonNode.Parse((string)function["arguments"]!),
                });
            }
        }

        var plain = new JsonObject { ["model"] = chat["model"]!.DeepClone(), ["max_tokens"] = chat["max_tokens"]!.DeepClone() };
        plain["system"] = system;
        plain["messages"] = messages;
        plain["stop_sequences"] = chat["stop"]?.DeepClone();
        plain["temperature"] = chat["temperature"]?.DeepClone();
        plain["top_p"] = chat["top_p"]?.DeepClone();
        plain["metadata"] = chat["user"] is { } user ? new JsonObject { ["user_id"] = user.DeepClone() } : null;
        plain["tools"] = chat["tools"] is { } tools
            ? new JsonArray([.. tools.AsArray().Select(tool => (JsonNode)new JsonObject
            {
                ["name"] = tool!["function"]!["name"]!.DeepClone(), ["description"] = tool["function"]!["description"]?.DeepClone(),
                ["input_schema"] = tool["function"]!["parameters"]!.DeepClone(),
            })])
            : null;
        plain["tool_choice"] = ChoiceOf(chat);
        return plain;
    }

    /// <summary>The objects of a request with their names, without those whose fields are a tool's own.</summary>
    public static IEnumerable<(JsonObject Object, string Path)> Objects(JsonNode? node, string path = "")
    {
        if (node is JsonObject fields)
        {
            yield return (fields, path);
            foreach (var (name, value) in fields.Where(field => field.Key is not ("input" or "input_schema")))
            {
                foreach (var inner in Objects(value, path.Length == 0 ? name : $"{path}.{name}")) yield return inner;
            }
        }
        else if (node is JsonArray list)
        {
            for (var i = 0; i < list.Count; i++)
            {
                foreach (var inner in Objects(list[i], $"{path}[{i}]")) yield return inner;
            }
        }
    }

    private static JsonObject? ChoiceOf(JsonObject chat)
    {
        if (chat["tool_choice"] is not { } choice) return null;
        var read = choice switch
        {
            JsonObject named => new JsonObject { ["type"] = "tool", ["name"] = named["function"]!["name"]!.DeepClone() },
            _ => new JsonObject { ["type"] = (string)choice! == "required" ? "any" : (string)choice! },
        };
        if (chat["parallel_tool_calls"] is { } parallel) read["disable_parallel_tool_use"] = !(bool)parallel;
        return read;
    }

    private static JsonArray PlainContent(JsonNode content) => content is JsonArray blocks
        ? new JsonArray([.. blocks.Select(block => PlainBlock(block!))])
        : new JsonArray(new JsonObject { ["type"] = "text", ["text"] = content.DeepClone() });

    private static JsonNode PlainBlock(JsonNode block) => (string)block["type"]! == "tool_result"
        ? new JsonObject
        {
            ["type"] = "tool_result",
            ["tool_use_id"] = block["tool_use_id"]!.DeepClone(),
            ["content"] = block["content"] is { } content ? PlainContent(content) : PlainContent(""),
        }
        : block.DeepClone();

    private static JsonArray Parts(JsonNode content)
    {
        if (content is not JsonArray parts) return new JsonArray(new JsonObject { ["type"] = "text", ["text"] = content.DeepClone() });
        return new JsonArray([.. parts.Select(part =>
        {
            if ((string)part!["type"]! == "text") return part.DeepClone();
            var url = (string)part["image_url"]!["url"]!;
            if (!url.StartsWith("data:", StringComparison.Ordinal))
                return new JsonObject { ["type"] = "image", ["source"] = new JsonObject { ["type"] = "url", ["url"] = url } };
            var split = url["data:".Length..].Split(";base64,");
            return new JsonObject
            {
                ["type"] = "image",
                ["source"] = new JsonObject { ["type"] = "base64", ["media_type"] = split[0], ["data"] = split[1] },
            };
        })]);
    }

    private JsonArray Messages()
    {
        var messages = new JsonArray();
        var count = (2 * random.Next(3)) + 1;
        for (var i = 0; i < count; i++) messages.Add(i % 2 == 0 ? User(i > 0 ? messages[^1]! : null) : Assistant());
        return messages;
    }

    /// <summary>A message of the user, which begins with the results of the calls in the message before.</summary>
    private JsonObject User(JsonNode? before)
    {
        string[] calls = before?["content"] is JsonArray blocks
            ? [.. blocks.Where(block => (string)block!["type"]! == "tool_use").Select(block => (string)block!["id"]!)]
            : [];
        random.Shuffle(calls);
        if (calls.Length == 0 && Coin()) return new JsonObject { ["role"] = "user", ["content"] = Text() };
        var content = new JsonArray([.. calls.Select(Result)]);
        for (var i = random.Next(3); i > 0 || content.Count == 0; i--) content.Add(Coin() ? Image() : TextBlock());
        return new JsonObject { ["role"] = "user", ["content"] = content };
    }

    private JsonObject Assistant()
    {
        if (Coin()) return new JsonObject { ["role"] = "assistant", ["content"] = Text() };
        var content = new JsonArray();
        for (var i = random.Next(3); i > 0; i--) content.Add(TextBlock());
        for (var i = random.Next(3); i > 0 || content.Count == 0; i--)
            content.Add(new JsonObject { ["type"] = "tool_use", ["id"] = $"t{i}", ["name"] = "n", ["input"] = Input() });
        return new JsonObject { ["role"] = "assistant", ["content"] = content };
    }

    private JsonObject TextBlock() => new() { ["type"] = "text", ["text"] = Text() };

    private JsonObject Image() => new()
    {
        ["type"] = "image",
        ["source"] = Coin()
            ? new JsonObject { ["type"] = "base64", ["media_type"] = "image/png", ["data"] = "eA==" }
            : new JsonObject { ["type"] = "url", ["url"] = "https://example.org/1.png?a=b" },
    };

    private JsonObject Result(string call)
    {
        var result = new JsonObject { ["type"] = "tool_result", ["tool_use_id"] = call };
        Perhaps(() => result["content"] = Coin() ? Text() : Blocks(TextBlock));
        Perhaps(() => result["is_error"] = false);
        return result;
    }

    private JsonArray Tools() => new([.. Enumerable.Range(0, random.Next(1, 4)).Select(Tool)]);

    private JsonObject Tool(int index)
    {
        var tool = new JsonObject { ["name"] = $"n{index}", ["input_schema"] = JsonNode.Parse("""{"type":"object","x":1.50}""") };
        Perhaps(() => tool["description"] = Text());
        Perhaps(() => tool["type"] = "custom");
        return tool;
    }

    private JsonObject Choice(string tool)
    {
        var choice = random.Next(4) switch
        {
            0 => new JsonObject { ["type"] = "auto" },
            1 => new JsonObject { ["type"] = "any" },
            2 => new JsonObject { ["type"] = "none" },
            _ => new JsonObject { ["type"] = "tool", ["name"] = tool },
        };
        Perhaps(() => choice["disable_parallel_tool_use"] = Coin());
        return choice;
    }

    private JsonObject Input() => JsonNode.Parse(Coin() ? "{}" : """{"a":{"b":[1,2.50,"ü"]},"c":null}""")!.AsObject();

    private JsonArray Blocks(Func<JsonObject> make) =>
        new([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => (JsonNode)make())]);

    private string Text() => Texts[random.Next(Texts.Length)];

    private bool Coin() => random.Next(2) == 0;

    private void Perhaps(Action action)
    {
        if (Coin()) action();
    }
}
