using System.Text.Json;
using System.Text.RegularExpressions;

namespace StashAI.Adapters.Http.Schemas;

/// <summary>The schema of an item, of a configuration key, or of a part of either.</summary>
public sealed record FieldSchema
{
    /// <summary>Up to this number, searching the list is as fast as a dictionary.</summary>
    private const int FewProperties = 8;

    private readonly Dictionary<string, FieldSchema>? byName;

    /// <summary>Accepts any value.</summary>
    public static FieldSchema Any { get; } = new() { Type = FieldType.Any };

    public required FieldType Type { get; init; }

    /// <summary>A description for people, or null.</summary>
    public string? Description { get; init; }

    /// <summary>The value to use when none is given; null when there is no default.</summary>
    public JsonElement? Default { get; init; }

    public bool IsRequired { get; init; }

    /// <summary>The allowed values; empty when any value is allowed.</summary>
    public IReadOnlyList<JsonElement> Choices { get; init; } = [];

    /// <summary>The smallest allowed number; null for no limit.</summary>
    public ExactNumber? Min { get; init; }

    /// <summary>The largest allowed number; null for no limit.</summary>
    public ExactNumber? Max { get; init; }

    /// <summary>The fewest characters of a text or elements of a list; null for no limit.</summary>
    public int? MinLength { get; init; }

    /// <summary>The most characters of a text or elements of a list; null for no limit.</summary>
    public int? MaxLength { get; init; }

    /// <summary>The pattern that a text must match; null when any text is allowed.</summary>
    public Regex? Pattern { get; init; }

    /// <summary>The kind of media of a file, such as <c>image/*</c>; null when a file may be any.</summary>
    public string? MediaType { get; init; }

    /// <summary>The server's environment variable that holds a secret; null when each job sends the value.</summary>
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

    /// <summary>The schema of the elements of a list; null when any value is allowed.</summary>
    public FieldSchema? Element { get; init; }

    /// <summary>The names of the properties that hold files; an empty name means that the value itself is a file.</summary>
    public IReadOnlyList<string> FileFields => Type switch
    {
        FieldType.File => [""],
        FieldType.Record => [.. Properties.Where(property => property.Value.Type == FieldType.File).Select(property => property.Key)],
        _ => [],
    };

    /// <summary>The schema of a property; null when the property is not known.</summary>
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
