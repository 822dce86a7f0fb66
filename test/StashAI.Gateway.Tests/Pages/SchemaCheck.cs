using System.Text.Json;
using System.Text.Json.Nodes;

namespace StashAI.Gateway.Tests.Pages;

/// <summary>Compares an answer with a schema of the document: it must have exactly the fields that stand there, each of its type.</summary>
internal static class SchemaCheck
{
    /// <summary>What differs, each with its place; empty when nothing does.</summary>
    public static IEnumerable<string> Differences(JsonObject schema, JsonElement answer, string place = "$")
    {
        if (schema["type"] is not { } type) return [];
        var types = type is JsonArray list ? list.Select(word => word!.GetValue<string>()).ToHashSet() : [type.GetValue<string>()];
        if (!types.Contains(Word(answer))) return [$"{place} is {Word(answer)} and not {string.Join(" or ", types)}"];
        return answer.ValueKind switch
        {
            JsonValueKind.Object when schema["properties"] is JsonObject fields => InObject(fields, answer, place),
            JsonValueKind.Array when schema["items"] is JsonObject items => answer.EnumerateArray().SelectMany((item, index) => Differences(items, item, $"{place}[{index}]")),
            _ => [],
        };
    }

    private static IEnumerable<string> InObject(JsonObject fields, JsonElement answer, string place)
    {
        foreach (var (name, schema) in fields)
        {
            if (!answer.TryGetProperty(name, out var value)) yield return $"{place}.{name} is missing";
            else foreach (var difference in Differences(schema!.AsObject(), value, $"{place}.{name}")) yield return difference;
        }

        foreach (var property in answer.EnumerateObject())
        {
            if (!fields.ContainsKey(property.Name)) yield return $"{place}.{property.Name} is not in the document";
        }
    }

    private static string Word(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        var kind => kind.ToString().ToLowerInvariant(),
    };
}
