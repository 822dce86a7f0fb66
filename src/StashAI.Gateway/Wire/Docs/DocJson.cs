using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace StashAI.Gateway.Wire.Docs;

/// <summary>
/// JSON serialization of the document's types. Real answers are written without objects; tests compare them with these types.
/// </summary>
internal static class DocJson
{
    private static readonly JsonSerializerOptions Options = Set(new JsonSerializerOptions { Converters = { new DocTime() } });

    /// <summary>A required field is <c>required</c> in its type, or a parameter of a record; other fields are omitted when null.</summary>
    public static JsonSerializerOptions Set(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
        options.TypeInfoResolver = new DefaultJsonTypeInfoResolver().WithAddedModifier(OmitMissing);
        return options;
    }

    public static JsonNode Node(object value) => JsonSerializer.SerializeToNode(value, value.GetType(), Options)!;

    public static JsonNode Parse(string json) => JsonNode.Parse(json)!;

    public static JsonObject Object(string json) => Parse(json).AsObject();

    /// <summary>The allowed words of a field.</summary>
    public static IEnumerable<string> WordsOf(Type type, string field)
    {
        var property = type.GetProperties().Single(one => JsonNamingPolicy.SnakeCaseLower.ConvertName(one.Name) == field);
        return Enum.GetNames(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType)
            .Select(JsonNamingPolicy.SnakeCaseLower.ConvertName);
    }

    private static void OmitMissing(JsonTypeInfo type)
    {
        var parameters = type.Type.GetConstructors().SelectMany(constructor => constructor.GetParameters())
            .Select(parameter => parameter.Name).ToHashSet();
        foreach (var property in type.Properties)
        {
            if (!property.IsRequired && !parameters.Contains((property.AttributeProvider as PropertyInfo)?.Name))
            {
                property.ShouldSerialize = static (_, value) => value is not null;
            }
        }
    }
}
