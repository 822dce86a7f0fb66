using System.Text.Json;
using System.Text.RegularExpressions;
using StashAI.Adapters.Http.Schemas;
using YamlDotNet.RepresentationModel;

namespace StashAI.Adapters.Http.Reading;

/// <summary>Reads the schema of an item or of a configuration key.</summary>
internal sealed partial class SchemaReader(List<DeclarationError> errors)
{
    /// <summary>Reads a schema: the name of a type, or a mapping with <c>type</c> and further rules.</summary>
    /// <param name="node">The schema.</param>
    /// <param name="subject">The name of the described value, for error messages.</param>
    /// <param name="isRequired">Whether the value is required when the schema does not say so.</param>
    public FieldSchema Read(YamlNode node, string subject, bool isRequired)
    {
        if (node is YamlScalarNode scalar) return new FieldSchema { Type = ReadType(scalar), IsRequired = isRequired };
        if (YamlMap.From(node, subject, errors) is not { } map) return FieldSchema.Any;
        var type = map.Find("type") is YamlScalarNode name
            ? ReadType(name)
            : map.Find("properties") is not null ? FieldType.Record : FieldType.Any;
        var fallback = map.Find("default");
        var variable = ReadVariable(map, type);
        var schema = new FieldSchema
        {
            Type = type,
            Description = map.Text("description"),
            Default = fallback is null ? null : YamlValue.ToElement(fallback),
            IsRequired = (map.Boolean("required") ?? (isRequired && fallback is null)) && variable is null,
            Choices = ReadChoices(map),
            Min = map.Exact("min"),
            Max = map.Exact("max"),
            MinLength = map.Integer("min_length", 0, int.MaxValue),
            MaxLength = map.Integer("max_length", 0, int.MaxValue),
            Pattern = ReadPattern(map),
            Environment = variable,
            Properties = map.Map("properties") is { } properties ? ReadProperties(properties, isRequired: true) : [],
            Element = map.Find("items") is { } element ? Read(element, "items", isRequired: true) : null,
        };
        map.ReportUnknownKeys();
        if (type == FieldType.Secret && (schema.Default is not null || schema.Choices.Count > 0))
        {
            map.Invalid(fallback is null ? "enum" : "default", "omitted: this file must not contain a secret");
        }

        if (schema.Default is { } value) CheckDefault(schema, value, fallback!, subject);
        return schema;
    }

    public IReadOnlyList<KeyValuePair<string, FieldSchema>> ReadProperties(YamlMap map, bool isRequired) =>
        [.. map.Members().Select(member => new KeyValuePair<string, FieldSchema>(
            member.Key.Value!, Read(member.Value, member.Key.Value!, isRequired)))];

    private FieldType ReadType(YamlScalarNode node)
    {
        if (FieldTypeNames.Find(node.Value ?? "") is { } type) return type;
        YamlMap.Report(
            errors,
            node,
            $"'{node.Value}' is not a type.{FieldCheck.Suggest(node.Value ?? "", FieldTypeNames.All)} Types are "
            + $"{string.Join(", ", FieldTypeNames.All)}.");
        return FieldType.Any;
    }

    private static string? ReadVariable(YamlMap map, FieldType type)
    {
        if (map.Text("env") is not { } name) return null;
        if (type != FieldType.Secret) map.Invalid("env", "omitted: only a secret can come from the environment");
        else if (!VariablePattern().IsMatch(name)) map.Invalid("env", "the name of an environment variable, such as SERVICE_API_KEY");
        else return name;
        return null;
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$", RegexOptions.CultureInvariant)]
    private static partial Regex VariablePattern();

    private static IReadOnlyList<JsonElement> ReadChoices(YamlMap map)
    {
        switch (map.Find("enum"))
        {
            case null:
                return [];
            case YamlSequenceNode { Children.Count: > 0 } list:
                return [.. list.Children.Select(YamlValue.ToElement)];
            default:
                map.Invalid("enum", "a list of the allowed values");
                return [];
        }
    }

    private static Regex? ReadPattern(YamlMap map)
    {
        if (map.Text("pattern") is not { } text) return null;
        try
        {
            return new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            map.Invalid("pattern", $"a regular expression: {exception.Message.TrimEnd('.')}");
            return null;
        }
    }

    private void CheckDefault(FieldSchema schema, JsonElement value, YamlNode node, string subject)
    {
        var faults = new List<FieldError>();
        using var sink = new Utf8JsonWriter(Stream.Null);
        FieldCheck.Write(schema with { Default = null }, value, "default", false, [], sink, faults);
        if (faults.Count > 0) YamlMap.Report(errors, node, $"The default of {subject} {faults[0].Reason}");
    }
}
