using System.Text.Json;

namespace StashAI.Gateway.Tests.Pages;

/// <summary>Compares JSON with a schema of the document: it has all required fields and no unknown one, each of its type.</summary>
internal sealed class SchemaCheck(JsonElement document)
{
    /// <summary>What differs, each with its place; empty when nothing does.</summary>
    public IEnumerable<string> Differences(JsonElement schema, JsonElement value, string place = "$")
    {
        schema = Resolve(schema);
        if (schema.TryGetProperty("oneOf", out var choices) || schema.TryGetProperty("anyOf", out choices))
        {
            return OneOf(schema, choices, value, place);
        }

        if (schema.TryGetProperty("type", out var type))
        {
            var types = type.ValueKind == JsonValueKind.Array
                ? type.EnumerateArray().Select(word => word.GetString()).ToList()
                : [type.GetString()];
            if (!types.Any(word => Is(word, value))) return [$"{place} is {value.ValueKind} and not {string.Join(" or ", types)}"];
        }

        if (schema.TryGetProperty("enum", out var words) && value.ValueKind != JsonValueKind.Null
            && !words.EnumerateArray().Any(word => word.ToString() == value.ToString()))
        {
            return [$"{place} is {value}, which is not one of its words"];
        }

        return value.ValueKind switch
        {
            JsonValueKind.Object => InObject(schema, value, place),
            JsonValueKind.Array when schema.TryGetProperty("items", out var items) =>
                value.EnumerateArray().SelectMany((item, index) => Differences(items, item, $"{place}[{index}]")),
            _ => [],
        };
    }

    /// <summary>A schema, or what a reference leads to.</summary>
    public JsonElement Resolve(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("$ref", out var reference)) return schema;
        var at = document;
        foreach (var part in reference.GetString()!.Split('/').Skip(1)) at = at.GetProperty(part);
        return at;
    }

    private IEnumerable<string> OneOf(JsonElement schema, JsonElement choices, JsonElement value, string place)
    {
        // The field that tells the choices apart also tells which one was meant.
        if (schema.TryGetProperty("discriminator", out var discriminator)
            && value.TryGetProperty(discriminator.GetProperty("propertyName").GetString()!, out var word))
        {
            return discriminator.GetProperty("mapping").TryGetProperty(word.GetString()!, out var target)
                ? Differences(
                    JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["$ref"] = target.GetString()! }), value, place)
                : [$"{place} is a {word}, which is not one of its choices"];
        }

        var all = choices.EnumerateArray().Select(choice => Differences(choice, value, place).ToList()).ToList();
        return all.MinBy(differences => differences.Count)!;
    }

    private IEnumerable<string> InObject(JsonElement schema, JsonElement value, string place)
    {
        if (schema.TryGetProperty("required", out var required))
        {
            foreach (var name in required.EnumerateArray())
            {
                if (!value.TryGetProperty(name.GetString()!, out _)) yield return $"{place}.{name} is missing";
            }
        }

        var isFree = schema.TryGetProperty("additionalProperties", out var others) && others.ValueKind != JsonValueKind.False;
        if (!schema.TryGetProperty("properties", out var properties))
        {
            if (isFree)
            {
                foreach (var property in value.EnumerateObject())
                {
                    foreach (var difference in Differences(others, property.Value, $"{place}.{property.Name}")) yield return difference;
                }
            }

            yield break;
        }

        foreach (var property in value.EnumerateObject())
        {
            if (properties.TryGetProperty(property.Name, out var one))
            {
                foreach (var difference in Differences(one, property.Value, $"{place}.{property.Name}")) yield return difference;
            }
            else if (!isFree)
            {
                yield return $"{place}.{property.Name} is not in the document";
            }
        }
    }

    private static bool Is(string? type, JsonElement value) => type switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        _ => string.Equals(type, value.ValueKind.ToString(), StringComparison.OrdinalIgnoreCase),
    };
}
