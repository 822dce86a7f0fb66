using System.Text.Json;
using System.Text.Json.Nodes;
using StashAI.Adapters.Http.Schemas;

namespace StashAI.Adapters.Http.Messages;

/// <summary>Maps the tools of a request, and which of them the model is to call.</summary>
internal static class ChatTools
{
    /// <param name="fields">The request.</param>
    /// <param name="chat">Receives the tools and the choice.</param>
    /// <param name="faults">Receives what cannot be mapped.</param>
    /// <param name="requireTools">Refuses a field for a service that does not speak tools.</param>
    public static void Map(MappedFields fields, JsonObject chat, MappingFaults faults, Action<string> requireTools)
    {
        var tools = new JsonArray();
        var names = new HashSet<string?>(StringComparer.Ordinal);
        if (fields.Find("tools") is not null) requireTools("tools");
        foreach (var (value, path) in fields.List("tools"))
        {
            var tool = MappedFields.Of(value, path, faults, "type", "name", "description", "input_schema");
            if (tool.Text("type") is { } type && type != "custom")
                faults.Add(tool.At("type"), $"'{Excerpt.Of(type)}' has no counterpart in OpenAI's form: use tools of the client");
            var name = tool.RequireText("name");
            if (name is not null && !names.Add(name))
                faults.Add(tool.At("name"), $"'{Excerpt.Of(name)}' is the name of an earlier tool too: each needs its own");
            var function = new JsonObject { ["name"] = name };
            if (tool.Text("description") is { } description) function["description"] = description;
            if (tool.Require("input_schema") is { } schema)
            {
                if (schema.ValueKind != JsonValueKind.Object) faults.Add(tool.At("input_schema"), "must be an object");
                function["parameters"] = MappedJson.Node(schema);
            }

            tools.Add(new JsonObject { ["type"] = "function", ["function"] = function });
        }

        if (tools.Count > 0) chat["tools"] = tools;
        if (fields.Find("tool_choice") is not { } given) return;
        requireTools("tool_choice");
        var choice = MappedFields.Of(given, "tool_choice", faults, "type", "name", "disable_parallel_tool_use");
        var kind = choice.RequireText("type");
        if (tools.Count == 0) faults.Add("tool_choice", "needs tools to choose from: send tools, or remove it");
        else if (kind == "tool" && choice.Text("name") is { } chosen && !names.Contains(chosen))
            faults.Add(choice.At("name"), $"'{Excerpt.Of(chosen)}' is none of the tools: use the name of one of them");
        if (kind != "tool" && choice.Find("name") is not null) faults.Add(choice.At("name"), "belongs to the type tool: remove it");
        chat["tool_choice"] = kind switch
        {
            "auto" or "none" => kind,
            "any" => "required",
            "tool" => new JsonObject
            {
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = choice.RequireText("name") },
            },
            _ => null,
        };
        if (kind is not (null or "auto" or "none" or "any" or "tool"))
            faults.Add(choice.At("type"), $"'{Excerpt.Of(kind)}' is not valid: use auto, any, tool or none");
        if (choice.Flag("disable_parallel_tool_use") is { } isSerial) chat["parallel_tool_calls"] = !isSerial;
    }
}
