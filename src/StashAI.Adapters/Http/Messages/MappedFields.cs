using System.Text.Json;
using StashAI.Adapters.Http.Schemas;

namespace StashAI.Adapters.Http.Messages;

/// <summary>
/// The fields of an object that is mapped. A field that has no counterpart is a fault, and so is one that is given twice: nothing is
/// dropped in silence. Null says the same as no field.
/// </summary>
internal sealed class MappedFields
{
    private const string NoCounterpart = "has no counterpart in OpenAI's form: remove it";

    private readonly Dictionary<string, JsonElement> values = new(StringComparer.Ordinal);
    private readonly string path;
    private readonly MappingFaults faults;

    private MappedFields(string path, MappingFaults faults) => (this.path, this.faults) = (path, faults);

    /// <summary>Reads an object of which these fields are known.</summary>
    public static MappedFields Of(JsonElement value, string path, MappingFaults faults, params ReadOnlySpan<string> known)
    {
        var fields = new MappedFields(path, faults);
        if (value.ValueKind != JsonValueKind.Object)
        {
            faults.Add(path.Length == 0 ? "The request" : path, "must be an object");
            return fields;
        }

        foreach (var member in value.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null) continue;
            if (!known.Contains(member.Name)) faults.Add(fields.At(Excerpt.Of(member.Name)), NoCounterpart);
            else if (!fields.values.TryAdd(member.Name, member.Value)) faults.Add(fields.At(member.Name), "is given twice: send it once");
        }

        return fields;
    }

    /// <summary>The full name of a field.</summary>
    public string At(string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>A value of any type; null for none.</summary>
    public JsonElement? Find(string name) => values.TryGetValue(name, out var value) ? value : null;

    /// <summary>A value that must be given.</summary>
    public JsonElement? Require(string name)
    {
        if (Find(name) is { } value) return value;
        faults.Add(At(name), "is missing");
        return null;
    }

    /// <summary>A text; null for none, and with a fault for another type.</summary>
    public string? Text(string name) => Find(name) is { } value ? TextOf(value, At(name), faults) : null;

    /// <summary>A text that must be given.</summary>
    public string? RequireText(string name) => Require(name) is { } value ? TextOf(value, At(name), faults) : null;

    /// <summary>A number as it was sent; null for none, and with a fault for another type.</summary>
    public JsonElement? Number(string name)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Number) return value;
        faults.Add(At(name), "must be a number");
        return null;
    }

    /// <summary>A flag; null for none, and with a fault for another type.</summary>
    public bool? Flag(string name)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.ValueKind == JsonValueKind.True;
        faults.Add(At(name), "must be true or false");
        return null;
    }

    /// <summary>The elements of a list with their full names; none, and a fault, for another type.</summary>
    public IEnumerable<(JsonElement Value, string Path)> List(string name)
    {
        if (Find(name) is not { } value) return [];
        if (value.ValueKind == JsonValueKind.Array)
            return value.EnumerateArray().Select((element, index) => (element, $"{At(name)}[{index}]"));
        faults.Add(At(name), "must be a list");
        return [];
    }

    public static string? TextOf(JsonElement value, string path, MappingFaults faults)
    {
        if (value.ValueKind == JsonValueKind.String) return value.GetString();
        faults.Add(path, "must be a text");
        return null;
    }
}
