using System.Text.Json;
using System.Text.RegularExpressions;

namespace StashAI.Adapters.Http.Schemas;

/// <summary>What a value must be: one item, one key of a configuration, or a part of either.</summary>
public sealed record FieldSchema
{
    /// <summary>So many are found as fast one by one.</summary>
    private const int FewProperties = 8;

    private readonly Dictionary<string, FieldSchema>? byName;

    /// <summary>Accepts everything.</summary>
    public static FieldSchema Any { get; } = new() { Type = FieldType.Any };

    /// <summary>What kind of value it is.</summary>
    public required FieldType Type { get; init; }

    /// <summary>For people; may be null.</summary>
    public string? Description { get; init; }

    /// <summary>Taken where the value is left out; null for none.</summary>
    public JsonElement? Default { get; init; }

    /// <summary>True when the value must be given.</summary>
    public bool IsRequired { get; init; }

    /// <summary>The only values that are allowed; empty for no such rule.</summary>
    public IReadOnlyList<JsonElement> Choices { get; init; } = [];

    /// <summary>The least number, or null.</summary>
    public ExactNumber? Min { get; init; }

    /// <summary>The greatest number, or null.</summary>
    public ExactNumber? Max { get; init; }

    /// <summary>The fewest characters of a text or elements of a list, or null.</summary>
    public int? MinLength { get; init; }

    /// <summary>The most characters of a text or elements of a list, or null.</summary>
    public int? MaxLength { get; init; }

    /// <summary>A text must match it; null for no such rule.</summary>
    public Regex? Pattern { get; init; }

    /// <summary>The variable of the server's environment that has the value of a secret; null for one that each job gives.</summary>
    public string? Environment { get; init; }

    /// <summary>The properties of an object, in the order of the declaration.</summary>
    public IReadOnlyList<KeyValuePair<string, FieldSchema>> Properties
    {
        get;
        init
        {
            field = value;
            byName = value.Count > FewProperties ? new(value, StringComparer.Ordinal) : null;
        }
    } = [];

    /// <summary>What each element of a list must be; null for anything.</summary>
    public FieldSchema? Element { get; init; }

    /// <summary>The names of the properties that hold files; an empty name stands for the value itself.</summary>
    public IReadOnlyList<string> FileFields => Type switch
    {
        FieldType.File => [""],
        FieldType.Record => [.. Properties.Where(property => property.Value.Type == FieldType.File).Select(property => property.Key)],
        _ => [],
    };

    /// <summary>The schema of a property, or null.</summary>
    public FieldSchema? Find(string property)
    {
        if (byName is not null) return byName.GetValueOrDefault(property);
        foreach (var (name, schema) in Properties)
        {
            if (name == property) return schema;
        }

        return null;
    }
}
