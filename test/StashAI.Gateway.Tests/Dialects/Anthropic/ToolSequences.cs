using System.Text.Json.Nodes;

namespace StashAI.Gateway.Tests.Dialects.Anthropic;

/// <summary>
/// Messages whose roles, calls and results stand in any order, with the rules of both APIs written down apart from the server's own.
/// </summary>
internal static class ToolSequences
{
    /// <summary>Messages in Anthropic's form, of which about a third are in order.</summary>
    public static JsonArray Make(Random random)
    {
        var messages = new JsonArray();
        var waiting = new List<string>();
        for (var i = random.Next(1, 5); i >= 0; i--)
        {
            var isUser = i == 0 || random.Next(messages.Count == 0 || (string)messages[^1]!["role"]! == "assistant" ? 6 : 4) > 1;
            var content = new JsonArray();
            if (isUser)
            {
                // Most results are where they belong.
                while (waiting.Count > 0 && random.Next(12) > 0)
                {
                    content.Add(Result(waiting[0]));
                    waiting.RemoveAt(0);
                }

                while (content.Count == 0 || random.Next(4) == 0)
                    content.Insert(random.Next(8) == 0 ? 0 : content.Count, random.Next(8) == 0 ? Result(Id(random)) : Text());
            }
            else
            {
                waiting.Clear();
                for (var texts = random.Next(2); texts > 0; texts--) content.Add(Text());
                for (var calls = random.Next(3); calls > 0 || content.Count == 0; calls--)
                {
                    waiting.Add(Id(random));
                    content.Add(new JsonObject
                    {
                        ["type"] = "tool_use",
                        ["id"] = waiting[^1],
                        ["name"] = "n",
                        ["input"] = new JsonObject(),
                    });
                }
            }

            var isText = content is [JsonObject only] && (string)only["type"]! == "text" && random.Next(2) == 0;
            messages.Add(new JsonObject
            {
                ["role"] = isUser ? "user" : "assistant",
                ["content"] = isText ? "x" : content,
            });
        }

        return messages;
    }

    /// <summary>True when each call has its result directly behind it, before anything else, and once.</summary>
    public static bool IsInOrder(JsonArray messages)
    {
        var blocks = messages.SelectMany(message => message!["content"] is JsonArray list
            ? list.Select(block => (Type: (string)block!["type"]!, Block: block!, Message: message!))
            : [(Type: "text", Block: message!, Message: message!)]).ToList();
        for (var i = 0; i < blocks.Count; i++)
        {
            if (blocks[i].Type == "tool_result" && !Precedes(i)) return false;
            if (blocks[i].Type != "tool_use") continue;
            // Behind the other calls of its message come results only, until there is one of each.
            var calls = CallsOf(blocks[i].Message);
            var first = blocks.FindLastIndex(one => one.Message == blocks[i].Message) + 1;
            var results = blocks.Skip(first).Take(calls.Count).ToList();
            if (results.Any(one => one.Type != "tool_result")) return false;
            if (!results.Select(one => Id(one.Block)).Order().SequenceEqual(calls.Order())) return false;
            if (calls.Distinct().Count() < calls.Count) return false;
        }

        return true;

        List<string> CallsOf(JsonNode message) =>
            [.. blocks.Where(one => one.Message == message && one.Type == "tool_use").Select(one => Id(one.Block))];

        bool Precedes(int at)
        {
            while (at > 0 && blocks[at].Type == "tool_result") at--;
            var calls = CallsOf(blocks[at].Message);
            return blocks[at].Type == "tool_use" && blocks.Skip(at + 1).TakeWhile(one => one.Type == "tool_result").Count() == calls.Count;
        }
    }

    /// <summary>What OpenAI refuses about messages in its form; null for nothing.</summary>
    public static string? FaultOf(JsonArray chat)
    {
        var open = new HashSet<string>();
        foreach (var message in chat)
        {
            var role = (string)message!["role"]!;
            if (role == "tool")
            {
                if (!open.Remove((string)message["tool_call_id"]!)) return "a tool message answers no call before it";
                continue;
            }

            if (open.Count > 0) return "a call is not followed by tool messages";
            if (message["content"] is null && message["tool_calls"] is null) return "a message has no content";
            foreach (var call in message["tool_calls"]?.AsArray() ?? [])
            {
                if (!open.Add((string)call!["id"]!)) return "two calls have one id";
            }
        }

        return open.Count > 0 ? "the last calls have no tool messages" : null;
    }

    private static string Id(JsonNode block) => (string)(block["id"] ?? block["tool_use_id"])!;

    private static string Id(Random random) => $"t{random.Next(5)}";

    private static JsonObject Text() => new() { ["type"] = "text", ["text"] = "x" };

    private static JsonObject Result(string call) => new() { ["type"] = "tool_result", ["tool_use_id"] = call };
}
