using System.Text.Json;
using System.Text.RegularExpressions;
using StashAI.Hosting.Settings;

namespace StashAI.Server.Cli.Submit;

/// <summary>Checks JSON against the schemas that a server publishes of its services. What it does not know it lets pass.</summary>
internal static class SchemaCheck
{
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromSeconds(1);

    /// <summary>What is wrong with a value, each in one sentence that names the field.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="value">The value.</param>
    /// <param name="name">What the value is called.</param>
    public static IEnumerable<string> Errors(JsonElement schema, JsonElement value, string name)
    {
        if (IsFile(schema))
        {
            var isFile = value.ValueKind == JsonValueKind.String
                || (value.ValueKind == JsonValueKind.Object && (value.TryGetProperty("url", out _) || value.TryGetProperty("path", out _)));
            return isFile ? [] : [$"{name} must be a file: base64, {{\"url\":…}} or {{\"path\":…}}."];
        }

        if (schema.TryGetProperty("type", out var type) && type.GetString() is { } word && !IsOf(word, value))
            return [$"{name} must be {Article(word)}, not {Excerpt(value)}."];
        if (schema.TryGetProperty("enum", out var choices) && !choices.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)))
        {
            var known = string.Join(", ", choices.EnumerateArray().Select(one => one.ToString()));
            return [$"{name} must be one of {known}, not {Excerpt(value)}."];
        }

        return value.ValueKind switch
        {
            JsonValueKind.Object => Members(schema, value, name),
            JsonValueKind.Array => Elements(schema, value, name),
            JsonValueKind.Number => Range(schema, value.GetDouble(), "minimum", "maximum", $"{name} must be", ""),
            JsonValueKind.String => Text(schema, value.GetString()!, name),
            _ => [],
        };
    }

    /// <summary>True when items of this schema are files, or have one.</summary>
    public static bool TakesFiles(JsonElement schema) => IsFile(schema)
        || (schema.TryGetProperty("properties", out var properties)
            && properties.EnumerateObject().Any(property => IsFile(property.Value)));

    /// <summary>True when items of this schema are texts.</summary>
    public static bool IsText(JsonElement schema) => !IsFile(schema)
        && schema.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.GetString() == "string";

    private static IEnumerable<string> Members(JsonElement schema, JsonElement value, string name)
    {
        if (!schema.TryGetProperty("properties", out var properties)) yield break;
        var known = properties.EnumerateObject().Select(property => property.Name).ToList();
        foreach (var member in value.EnumerateObject())
        {
            if (properties.TryGetProperty(member.Name, out var form))
            {
                foreach (var error in Errors(form, member.Value, $"{name}.{member.Name}")) yield return error;
            }
            else if (schema.TryGetProperty("additionalProperties", out var more) && more.ValueKind == JsonValueKind.False)
            {
                var near = NearestName.Of(member.Name, known) is { } one ? $" Did you mean '{one}'?" : "";
                yield return $"{name} has no field '{member.Name}'.{near} The fields are {string.Join(", ", known)}.";
            }
        }

        if (!schema.TryGetProperty("required", out var required)) yield break;
        foreach (var field in required.EnumerateArray().Select(one => one.GetString()!).Where(one => !value.TryGetProperty(one, out _)))
            yield return $"{name}.{field} is missing.";
    }

    private static IEnumerable<string> Elements(JsonElement schema, JsonElement value, string name)
    {
        var errors = Range(schema, value.GetArrayLength(), "minItems", "maxItems", $"{name} must have", " elements");
        return schema.TryGetProperty("items", out var form)
            ? errors.Concat(value.EnumerateArray().SelectMany((element, i) => Errors(form, element, $"{name}[{i}]")))
            : errors;
    }

    private static IEnumerable<string> Text(JsonElement schema, string text, string name)
    {
        var length = new System.Globalization.StringInfo(text).LengthInTextElements;
        foreach (var error in Range(schema, length, "minLength", "maxLength", $"{name} must have", " characters")) yield return error;
        if (schema.TryGetProperty("pattern", out var pattern)
            && !Regex.IsMatch(text, pattern.GetString()!, RegexOptions.None, PatternTimeout))
        {
            yield return $"{name} must match {pattern.GetString()}.";
        }
    }

    private static IEnumerable<string> Range(JsonElement schema, double number, string min, string max, string start, string end)
    {
        if (schema.TryGetProperty(min, out var least) && number < least.GetDouble())
            yield return $"{start} at least {least}{end}, not {Of(number)}.";
        if (schema.TryGetProperty(max, out var most) && number > most.GetDouble())
            yield return $"{start} at most {most}{end}, not {Of(number)}.";
    }

    private static bool IsFile(JsonElement schema) =>
        schema.TryGetProperty("oneOf", out var forms) && forms.EnumerateArray().Any(form => form.TryGetProperty("contentEncoding", out _));

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && number == decimal.Truncate(number),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        _ => true,
    };

    private static string Article(string type) => type switch
    {
        "string" => "a text",
        "array" => "a list",
        "integer" => "a whole number",
        "boolean" => "true or false",
        "object" => "an object",
        _ => $"a {type}",
    };

    private static string Excerpt(JsonElement value)
    {
        var text = value.GetRawText().ReplaceLineEndings(" ");
        return text.Length <= 40 ? text : $"{text[..37]}...";
    }

    private static string Of(double number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
