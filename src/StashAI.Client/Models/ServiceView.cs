using System.Text.Json;
using System.Text.Json.Serialization;

namespace StashAI.Client.Models;

/// <summary>How people see results, and where the parts of a result are that the view needs.</summary>
/// <param name="Kind">The view, such as <c>faces</c> or <c>transcript</c>. A program that does not know it shows a table.</param>
[JsonConverter(typeof(ServiceViewConverter))]
public sealed record ServiceView(string Kind)
{
    /// <summary>JSON pointers into a result by the name of the part, such as <c>text</c> with <c>/text</c>.</summary>
    public IReadOnlyDictionary<string, string> Parts { get; init; } = new Dictionary<string, string>();
}

/// <summary>Reads and writes a view: one object with its kind and its parts.</summary>
internal sealed class ServiceViewConverter : JsonConverter<ServiceView>
{
    private const string Kind = "kind";

    public override ServiceView Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        if (document.RootElement is not { ValueKind: JsonValueKind.Object } view
            || !view.TryGetProperty(Kind, out var kind) || kind.ValueKind != JsonValueKind.String)
        {
            throw new JsonException("A view is an object with a kind.");
        }

        var parts = view.EnumerateObject().Where(part => part.Name != Kind && part.Value.ValueKind == JsonValueKind.String);
        return new ServiceView(kind.GetString()!) { Parts = parts.ToDictionary(part => part.Name, part => part.Value.GetString()!) };
    }

    public override void Write(Utf8JsonWriter writer, ServiceView value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString(Kind, value.Kind);
        foreach (var (name, pointer) in value.Parts) writer.WriteString(name, pointer);
        writer.WriteEndObject();
    }
}
